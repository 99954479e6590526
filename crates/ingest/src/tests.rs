mod assets;
mod decoding;
mod edge;
mod http;
mod privacy;
mod rig;
mod validation;
