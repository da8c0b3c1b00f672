//! The application's processes.

use super::{Resources, ServiceImage};
use crate::config::decode::{Int, literal};
use crate::config::scalars::QueueName;

section! {
    /// uWSGI processes behind nginx.
    pub struct Web {
        /// uWSGI processes in each pod; one takes about 350 MiB of memory.
        processes: Int<1, 64>,
        /// Threads of each process.
        threads: Int<1, 64> = Int::of(2),
        /// Pods, when not autoscaled.
        replicas: Int<1, 100>,
        /// A HorizontalPodAutoscaler that chooses the number of pods.
        autoscaling: Autoscaling,
        /// CPU, memory and local disk of the uWSGI container.
        resources: Resources,
    }
}

section! {
    /// A HorizontalPodAutoscaler that chooses the number of pods by their CPU use.
    pub struct Autoscaling {
        /// Whether there is one.
        enabled: bool,
        /// Fewest pods.
        min_replicas: Int<1, 100>,
        /// Most pods.
        max_replicas: Int<1, 100>,
        /// Average CPU use it aims at, in percent of the request.
        target_cpu_percent: Int<1, 100> = Int::of(70),
    }
}

section! {
    /// The nginx in front of uWSGI in each web pod.
    pub struct Nginx {
        /// Image in place of the official one.
        image: Option<ServiceImage> = None,
        /// CPU, memory and local disk of the nginx container.
        resources: Resources,
    }
}

section! {
    /// A Celery worker.
    pub struct Worker {
        /// Processes in each pod; one takes about 350 MiB of memory.
        concurrency: Int<1, 64>,
        /// Queues it takes tasks from.
        queues: Vec<QueueName> = vec![literal("celery"), literal("low")],
        /// Pods, when not autoscaled.
        replicas: Int<1, 100>,
        /// A HorizontalPodAutoscaler that chooses the number of pods.
        autoscaling: Autoscaling,
        /// Tasks after which a process is replaced, against growing memory.
        max_tasks_per_child: Int<1, 1_000_000> = Int::of(500),
        /// CPU, memory and local disk of the container.
        resources: Resources,
    }
}

section! {
    /// A process of which there is exactly one.
    pub struct Singleton {
        /// CPU, memory and local disk of the container.
        resources: Resources,
    }
}
