mod assets;
mod decoding;
mod edge;
mod http;
mod memory;
mod privacy;
mod rig;
mod validation;
