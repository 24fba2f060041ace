//! # task: distributions of tasks
