// Builds the pages with a framework as their users build for production.
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import linker from '@angular/compiler-cli/linker/babel';
import { AngularWebpackPlugin } from '@ngtools/webpack';
import babel from '@rollup/plugin-babel';
import commonjs from '@rollup/plugin-commonjs';
import resolve from '@rollup/plugin-node-resolve';
import replace from '@rollup/plugin-replace';
import terser from '@rollup/plugin-terser';
import viteReact from '@vitejs/plugin-react';
import viteVue from '@vitejs/plugin-vue';
import esbuild from 'esbuild';
import { rollup } from 'rollup';
import vueInEsbuild from 'unplugin-vue/esbuild';
import vueInRollup from 'unplugin-vue/rollup';
import { build as vite } from 'vite';
import { VueLoaderPlugin } from 'vue-loader';
import webpack from 'webpack';

const here = (path) => new URL(path, import.meta.url).pathname;
const REACT = { folder: here('frameworks/react'), entry: here('frameworks/react/main.jsx') };
const VUE = { folder: here('frameworks/vue'), entry: here('frameworks/vue/main.js') };
const ANGULAR = { folder: here('frameworks/angular'), entry: here('frameworks/angular/main.ts') };

const PRESETS = [['@babel/preset-react', { runtime: 'automatic' }]];
/** What the guide of Vue says for bundlers other than Vite. */
const VUE_FLAGS = {
  __VUE_OPTIONS_API__: 'true',
  __VUE_PROD_DEVTOOLS__: 'false',
  __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
};

/**
 * By framework and build. Each writes `app.js` and `app.js.map` into a folder. The framework is in `app.js`, which is what
 * each bundler does by default, except in `vite-vendor`.
 */
export const BUILDS = {
  react: {
    vite: (out) => withVite(REACT, viteReact(), out),
    'vite-vendor': (out) => withVite(REACT, viteReact(), out, { groups: VENDOR }),
    webpack: (out) =>
      withWebpack(REACT, out, {
        module: { rules: [{ test: /\.jsx$/, loader: 'babel-loader', options: { presets: PRESETS } }] },
      }),
    rollup: (out) =>
      withRollup(REACT, babel({ presets: PRESETS, babelHelpers: 'bundled', exclude: /node_modules/ }), out),
    esbuild: (out) => withEsbuild(REACT, out, { jsx: 'automatic' }),
  },
  vue: {
    vite: (out) => withVite(VUE, viteVue(), out),
    'vite-vendor': (out) => withVite(VUE, viteVue(), out, { groups: VENDOR }),
    webpack: (out) =>
      withWebpack(VUE, out, {
        module: { rules: [{ test: /\.vue$/, loader: 'vue-loader' }] },
        plugins: [new VueLoaderPlugin(), new webpack.DefinePlugin(VUE_FLAGS)],
      }),
    rollup: (out) => withRollup(VUE, vueInRollup({ isProduction: true }), out),
    esbuild: (out) => withEsbuild(VUE, out, { plugins: [vueInEsbuild({ isProduction: true })], define: VUE_FLAGS }),
  },
  angular: {
    cli: withAngularCli,
    webpack: withAngularWebpack,
  },
};

/** The framework and what else is not the page's, in a chunk of its own. */
const VENDOR = [{ name: 'vendor', test: /node_modules|vite|rolldown|plugin-vue/ }];

async function withVite({ folder, entry }, plugin, out, codeSplitting) {
  await vite({
    root: folder,
    plugins: [plugin],
    configFile: false,
    logLevel: 'warn',
    build: {
      outDir: out,
      emptyOutDir: false,
      sourcemap: true,
      modulePreload: false,
      rollupOptions: {
        input: entry,
        output: { entryFileNames: 'app.js', chunkFileNames: '[name].js', ...(codeSplitting && { codeSplitting }) },
      },
    },
  });
}

async function withWebpack({ entry }, out, options) {
  const compiler = webpack({
    mode: 'production',
    context: here('.'),
    entry,
    devtool: 'source-map',
    output: { path: out, filename: 'app.js' },
    performance: { hints: false },
    ...options,
  });
  await new Promise((done, fail) =>
    compiler.run((error, stats) => (error || stats.hasErrors() ? fail(error ?? stats.toString()) : done())),
  );
}

async function withRollup({ entry }, plugin, out) {
  const production = { 'process.env.NODE_ENV': '"production"', ...VUE_FLAGS };
  const bundle = await rollup({
    input: entry,
    plugins: [
      resolve({ browser: true }),
      plugin,
      commonjs(),
      replace({ values: production, preventAssignment: true }),
      terser(),
    ],
  });
  await bundle.write({ file: `${out}/app.js`, format: 'es', sourcemap: true });
}

async function withEsbuild({ entry }, out, options) {
  await esbuild.build({
    entryPoints: [entry],
    outfile: `${out}/app.js`,
    bundle: true,
    minify: true,
    sourcemap: true,
    ...options,
  });
}

async function withAngularCli(out) {
  const built = await mkdtemp(`${tmpdir()}/crow-angular-`);
  const ng = here('node_modules/.bin/ng');
  await promisify(execFile)(ng, ['build', '--output-path', built], { cwd: ANGULAR.folder });
  for (const ending of ['js', 'js.map']) await cp(`${built}/browser/main.${ending}`, `${out}/app.${ending}`);
  await rm(built, { recursive: true });
}

/** By Angular's plugin for webpack, with the settings of its builder that change the code. */
async function withAngularWebpack(out) {
  await withWebpack(ANGULAR, out, {
    resolve: { extensions: ['.ts', '.mjs', '.js'], mainFields: ['es2022', 'es2020', 'module', 'browser', 'main'] },
    module: {
      rules: [
        { test: /\.ts$/, loader: '@ngtools/webpack' },
        {
          test: /\.m?js$/,
          include: here('node_modules/@angular'),
          loader: 'babel-loader',
          options: { plugins: [linker], compact: false, inputSourceMap: false, configFile: false, babelrc: false },
        },
      ],
    },
    plugins: [
      new AngularWebpackPlugin({
        tsconfig: `${ANGULAR.folder}/tsconfig.json`,
        jitMode: false,
        compilerOptions: { sourceMap: true },
      }),
      new webpack.DefinePlugin({ ngDevMode: 'false', ngJitMode: 'false', ngI18nClosureMode: 'false' }),
    ],
  });
}
