import * as THREE from 'three';

const scene = new THREE.Scene();
scene.background = new THREE.Color('#223344');
const camera = new THREE.PerspectiveCamera(60, 2, 0.1, 100);
camera.position.z = 4;
const cube = new THREE.Mesh(new THREE.BoxGeometry(2, 2, 2), new THREE.MeshNormalMaterial());
scene.add(cube);
const renderer = new THREE.WebGLRenderer({ antialias: true });
renderer.setSize(1000, 500);
document.getElementById('view').append(renderer.domElement);
const draw = (turn) => {
  cube.rotation.set(turn, turn * 1.3, 0);
  renderer.render(scene, camera);
};
draw(0.5);
document.getElementById('turn').onclick = () => draw(1.1);
document.body.append(Object.assign(document.createElement('i'), { id: 'done', textContent: 'drawn' }));
