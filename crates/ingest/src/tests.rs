mod assets;
mod decoding;
mod edge;
mod http;
mod rig;
mod validation;
