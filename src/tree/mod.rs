//! The ordered value tree between typed objects and files, and the YAML writer.
