"""One file a wire format; each turns texts into vectors and times every phase."""
