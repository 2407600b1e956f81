// Written by scripts/schema.mjs from schemas/compose.schema.json; change that, not this.

/** A Compose project: services, and the networks, volumes, configs, secrets and models they share. */
export interface ComposeDocument {
  /** Old files name a version here. Nothing depends on it any more. @deprecated */
  readonly version?: string;
  /** The project's name, unless --project-name or COMPOSE_PROJECT_NAME give one. The directory's name is the last resort. */
  readonly name?: string;
  /** Other Compose projects to take in. */
  readonly include?: readonly ComposeInclude[];
  /** The services, by name. */
  readonly services?: Readonly<Record<string, ComposeService>>;
  /** The networks that services join, by name. */
  readonly networks?: Readonly<Record<string, ComposeNetwork>>;
  /** The volumes that services mount, by name. */
  readonly volumes?: Readonly<Record<string, ComposeVolume>>;
  /** The secrets that services may read, by name. */
  readonly secrets?: Readonly<Record<string, ComposeSecret>>;
  /** The configs that services mount, by name. */
  readonly configs?: Readonly<Record<string, ComposeConfig>>;
  /** The AI models that services use, by name. */
  readonly models?: Readonly<Record<string, ComposeModel>>;
  readonly [extension: `x-${string}`]: unknown;
}

/** One service: containers that all run the same image in the same way. */
export interface ComposeService {
  /** Annotations of the container: metadata for the runtime and for tools around it. */
  readonly annotations?: ComposeListOrMap;
  /** Whether `up` shows the logs of this service when it stays in the foreground. True unless set. */
  readonly attach?: boolean | string;
  /** How to build the image: a path or URL of the build context, or a mapping with all settings. */
  readonly build?: ComposeBuild;
  /** Limits and weights for access to block devices. */
  readonly blkio_config?: ComposeBlkioConfig;
  /** Linux capabilities to give to the container, such as `NET_ADMIN`. */
  readonly cap_add?: readonly string[];
  /** Linux capabilities to take from the container, or `ALL`. */
  readonly cap_drop?: readonly string[];
  /** The cgroup namespace: the host's, or one of the container's own. */
  readonly cgroup?: "host" | "private";
  /** The cgroup under which the container's own is made. */
  readonly cgroup_parent?: string;
  /** What to run instead of the image's CMD. Text is split into words as a shell would; a list is taken as it stands; empty clears the image's command. */
  readonly command?: ComposeCommand;
  /** Configs to mount into the container: names, or mappings that say where and how. */
  readonly configs?: readonly ComposeFileMount[];
  /** A fixed name for the container. Such a service cannot be scaled beyond one. */
  readonly container_name?: string;
  /** Number of usable processors (Windows). */
  readonly cpu_count?: number | string;
  /** Usable share of the processors, in percent (Windows). */
  readonly cpu_percent?: number | string;
  /** Length of a scheduler period, in microseconds; see `cpu_quota`. */
  readonly cpu_period?: number | string;
  /** Processor time the container may use in each `cpu_period`, in microseconds. */
  readonly cpu_quota?: number | string;
  /** Length of a real-time scheduler period, in microseconds. */
  readonly cpu_rt_period?: number | string;
  /** Real-time processor time in each `cpu_rt_period`, in microseconds. */
  readonly cpu_rt_runtime?: number | string;
  /** Weight of the container against others when processors are scarce; 1024 is normal. */
  readonly cpu_shares?: number | string;
  /** How many processors the container may use; `0.5` is half of one. */
  readonly cpus?: number | string;
  /** The processors it may run on, such as `0-3` or `0,1`. */
  readonly cpuset?: string;
  /** Credentials of a managed service account (Windows). */
  readonly credential_spec?: ComposeCredentialSpec;
  /** Services that must be there first: a list of names, or a mapping that says what to wait for. */
  readonly depends_on?: ComposeDependsOn;
  /** Replicas, resources, updates and placement. */
  readonly deploy?: ComposeDeploy;
  /** What `watch` does when files change. */
  readonly develop?: ComposeDevelop;
  /** Rules for devices that appear later, such as `c 1:3 mr`. */
  readonly device_cgroup_rules?: readonly string[];
  /** Devices of the host that the container sees. */
  readonly devices?: readonly ComposeDevice[];
  /** DNS servers for the container. */
  readonly dns?: ComposeStringOrList;
  /** Options for the DNS resolver, such as `use-vc`. */
  readonly dns_opt?: readonly string[];
  /** Domains in which short names are looked up. */
  readonly dns_search?: ComposeStringOrList;
  /** The container's domain name. */
  readonly domainname?: string;
  /** What to run instead of the image's ENTRYPOINT; it also drops the image's CMD. Written as `command`. */
  readonly entrypoint?: ComposeCommand;
  /** Files with environment variables. `environment` wins over them, and a later file over an earlier one. */
  readonly env_file?: ComposeEnvFile;
  /** Environment variables, as a mapping or as `NAME=value` items. A name without a value takes it from the shell or from .env. */
  readonly environment?: ComposeListOrMap;
  /** Container ports that other services may use; nothing is published on the host. */
  readonly expose?: readonly (string | number)[];
  /** Another service whose settings this one starts from. */
  readonly extends?: ComposeExtends;
  /** Containers outside of the project to link to, as `name` or `name:alias`. */
  readonly external_links?: readonly string[];
  /** More host names for /etc/hosts; `host-gateway` stands for the host itself. */
  readonly extra_hosts?: ComposeExtraHosts;
  /** GPUs for the container: `all`, or a list of requests. */
  readonly gpus?: ComposeGpus;
  /** More groups, by name or number, for the user in the container. */
  readonly group_add?: readonly (string | number)[];
  /** How to find out whether the container works. */
  readonly healthcheck?: ComposeHealthcheck;
  /** The container's own host name. */
  readonly hostname?: string;
  /** The image to run, as `[registry/]name[:tag][@digest]`; with `build`, the name to give to what is built. */
  readonly image?: string;
  /** Run a small init process that passes signals on and reaps children. */
  readonly init?: boolean | string;
  /** The IPC namespace: `shareable`, `private`, `none`, `host`, `service:NAME` or `container:NAME`. */
  readonly ipc?: string;
  /** How containers are kept apart (Windows): `default`, `process` or `hyperv`. */
  readonly isolation?: string;
  /** Files with labels, one `name=value` on each line. `labels` wins over them. */
  readonly label_file?: ComposeLabelFile;
  /** Labels of the container, as a mapping or as `name=value` items. */
  readonly labels?: ComposeListOrMap;
  /** Services to reach under another name, as `service` or `service:alias`. Services on one network reach each other without it. */
  readonly links?: readonly string[];
  /** Where the container's output goes. */
  readonly logging?: ComposeLogging;
  /** The MAC address; better set under one of the `networks`. */
  readonly mac_address?: string;
  /** The most memory it may use, such as `512m`. */
  readonly mem_limit?: number | string;
  /** Memory it should keep when memory is scarce, such as `256m`. */
  readonly mem_reservation?: number | string;
  /** How readily its memory is swapped out, from 0 to 100. */
  readonly mem_swappiness?: number | string;
  /** The most memory and swap together; -1 for no limit on swap. */
  readonly memswap_limit?: number | string;
  /** AI models it uses: a list of names, or a mapping that names the variables to set. */
  readonly models?: ComposeServiceModels;
  /** `none`, `host`, `bridge`, `service:NAME` or `container:NAME`, instead of `networks`. */
  readonly network_mode?: string;
  /** Networks to join: a list of names, or a mapping with addresses and aliases. Without it, the network `default`. */
  readonly networks?: ComposeServiceNetworks;
  /** Do not kill it when the host runs out of memory. */
  readonly oom_kill_disable?: boolean | string;
  /** How soon it is killed when the host runs out of memory: -1000 is never, 1000 is first. */
  readonly oom_score_adj?: number | string;
  /** The process namespace: `host`, `service:NAME` or `container:NAME`. */
  readonly pid?: string | null;
  /** The most processes in the container; -1 for no limit. */
  readonly pids_limit?: number | string;
  /** The platform to run on, as `os[/architecture[/variant]]`. */
  readonly platform?: string;
  /** Ports to publish on the host, as `[[host_ip:]published:]target[/protocol]` or as mappings. Quote the short form. */
  readonly ports?: readonly ComposePort[];
  /** Commands to run in the container once it has started. */
  readonly post_start?: readonly ComposeHook[];
  /** Commands to run to their end in containers of their own before it starts. */
  readonly pre_start?: readonly ComposePreStartHook[];
  /** Commands to run in the container before it is stopped. */
  readonly pre_stop?: readonly ComposeHook[];
  /** Give it nearly all the rights of the host. Avoid. */
  readonly privileged?: boolean | string;
  /** The service is started only with one of these profiles, or when it is named. None: always. */
  readonly profiles?: readonly string[];
  /** Something else than a container that provides this service, run by a plug-in. */
  readonly provider?: ComposeProvider;
  /** When to pull the image: `always`, `never`, `missing`, `build`, `daily`, `weekly` or `every_12h`. */
  readonly pull_policy?: string;
  /** Read by no version of Compose; use `pull_policy: every_…`. @deprecated */
  readonly pull_refresh_after?: string;
  /** Mount the container's root file system read-only. */
  readonly read_only?: boolean | string;
  /** What to do when it ends: `no`, `always`, `on-failure[:max-retries]` or `unless-stopped`. */
  readonly restart?: string;
  /** The OCI runtime, such as `runc`. */
  readonly runtime?: string;
  /** How many containers to run, unless `up --scale` says otherwise. */
  readonly scale?: number | string;
  /** Secrets to mount into the container: names, or mappings that say where and how. */
  readonly secrets?: readonly ComposeFileMount[];
  /** Labels and profiles for AppArmor, SELinux and seccomp, such as `no-new-privileges:true`. */
  readonly security_opt?: readonly string[];
  /** Size of /dev/shm, such as `64m`. */
  readonly shm_size?: number | string;
  /** Keep standard input open, as `docker run -i`. */
  readonly stdin_open?: boolean | string;
  /** How long it may take to stop before it is killed, such as `1m30s`. Ten seconds unless set. */
  readonly stop_grace_period?: string;
  /** The signal that asks it to stop, instead of SIGTERM or the image's STOPSIGNAL. */
  readonly stop_signal?: string;
  /** Options of the storage driver, such as `size: 10G`. */
  readonly storage_opt?: Readonly<Record<string, unknown>>;
  /** Kernel parameters in the container's namespaces. */
  readonly sysctls?: ComposeListOrMap;
  /** Directories to keep in memory, as `path` or `path:options`. */
  readonly tmpfs?: ComposeStringOrList;
  /** Give it a terminal, as `docker run -t`. */
  readonly tty?: boolean | string;
  /** Limits of resources such as open files; a number, or soft and hard apart. */
  readonly ulimits?: ComposeUlimits;
  /** Give the container access to the engine's socket and to the registry credentials. */
  readonly use_api_socket?: boolean;
  /** The user to run as: name or number, and `:group` if wanted. */
  readonly user?: string;
  /** The user namespace; `host` turns remapping off. */
  readonly userns_mode?: string;
  /** The UTS namespace; `host` shares the host's name. */
  readonly uts?: string;
  /** Volumes and directories to mount, as `[source:]target[:options]` or as mappings. */
  readonly volumes?: readonly ComposeVolumeMount[];
  /** Services, or `container:NAME`, whose mounts this one shares, with `:ro` if wanted. */
  readonly volumes_from?: readonly string[];
  /** The directory in which the command runs. */
  readonly working_dir?: string;
  readonly [extension: `x-${string}`]: unknown;
}

/** Settings of a build. */
export type ComposeBuild = string | ComposeBuildMapping;

export interface ComposeBuildMapping {
  /** More contexts for the Dockerfile's FROM and COPY: paths, URLs, `docker-image://…` or `service:NAME`. */
  readonly additional_contexts?: ComposeListOrMap;
  /** Values for the Dockerfile's ARGs. A name without a value takes it from the shell or from .env. */
  readonly args?: ComposeListOrMap;
  /** Where to look for cached layers, such as an image or `type=local,src=path`. */
  readonly cache_from?: readonly string[];
  /** Where to write the build cache to, such as `type=local,dest=path`. */
  readonly cache_to?: readonly string[];
  /** The directory or URL that the build sees. The project's directory unless set. */
  readonly context?: string;
  /** The Dockerfile, seen from the context. */
  readonly dockerfile?: string;
  /** The Dockerfile's text itself, instead of a file. */
  readonly dockerfile_inline?: string;
  /** More rights for the build, such as `network.host` or `security.insecure`. */
  readonly entitlements?: readonly string[];
  /** More host names during the build. */
  readonly extra_hosts?: ComposeExtraHosts;
  /** How build containers are kept apart (Windows). */
  readonly isolation?: string;
  /** Labels of the image. */
  readonly labels?: ComposeListOrMap;
  /** The network for RUN: `default`, `none`, `host` or a name. */
  readonly network?: string;
  /** Build without the cache. */
  readonly no_cache?: boolean | string;
  /** Stages to build without the cache. */
  readonly no_cache_filter?: ComposeStringOrList;
  /** Platforms to build for, such as `linux/arm64`. */
  readonly platforms?: readonly string[];
  /** Build with extended rights. */
  readonly privileged?: boolean | string;
  /** Attach a provenance attestation: true, false, or its parameters such as `mode=max`. */
  readonly provenance?: boolean | string;
  /** Look for newer base images even if they are there. */
  readonly pull?: boolean | string;
  /** Attach a bill of materials: true, false, or the parameters of its generator. */
  readonly sbom?: boolean | string;
  /** Secrets that RUN may mount. */
  readonly secrets?: readonly ComposeFileMount[];
  /** Size of /dev/shm during the build. */
  readonly shm_size?: number | string;
  /** SSH agents or keys for the build: `default`, or `id=path`. */
  readonly ssh?: ComposeListOrMap;
  /** More names for the image. */
  readonly tags?: readonly string[];
  /** The stage to build, of a Dockerfile with several. */
  readonly target?: string;
  /** Limits of resources during the build. */
  readonly ulimits?: ComposeUlimits;
  readonly [extension: `x-${string}`]: unknown;
}

/** Limits and weights for access to block devices. */
export interface ComposeBlkioConfig {
  /** Most bytes read each second from a device. */
  readonly device_read_bps?: readonly ComposeBlkioLimit[];
  /** Most reads each second from a device. */
  readonly device_read_iops?: readonly ComposeBlkioLimit[];
  /** Most bytes written each second to a device. */
  readonly device_write_bps?: readonly ComposeBlkioLimit[];
  /** Most writes each second to a device. */
  readonly device_write_iops?: readonly ComposeBlkioLimit[];
  /** Share of the bandwidth against other containers, from 10 to 1000. */
  readonly weight?: number | string;
  /** The same for single devices. */
  readonly weight_device?: readonly ComposeBlkioWeight[];
  readonly [extension: `x-${string}`]: unknown;
}

/** A limit for one device. */
export interface ComposeBlkioLimit {
  /** The device, such as `/dev/sda`. */
  readonly path?: string;
  /** Bytes, such as `12mb`, or operations in a second. */
  readonly rate?: number | string;
  readonly [extension: `x-${string}`]: unknown;
}

/** A weight for one device. */
export interface ComposeBlkioWeight {
  /** The device, such as `/dev/sda`. */
  readonly path?: string;
  /** From 10 to 1000. */
  readonly weight?: number | string;
  readonly [extension: `x-${string}`]: unknown;
}

/** Credentials of a managed service account (Windows). */
export interface ComposeCredentialSpec {
  /** The config that holds them. */
  readonly config?: string;
  /** The file that holds them, under the engine's own directory. */
  readonly file?: string;
  /** The registry value that holds them. */
  readonly registry?: string;
  readonly [extension: `x-${string}`]: unknown;
}

/** Services that must be there first. */
export type ComposeDependsOn = Readonly<Record<string, ComposeDependency>> | readonly string[];

/** What to wait for. */
export interface ComposeDependency {
  /** `service_started`: it runs. `service_healthy`: its healthcheck says so. `service_completed_successfully`: it ended with code 0. */
  readonly condition: "service_started" | "service_healthy" | "service_completed_successfully";
  /** False: go on, with a warning, when the dependency is not there. */
  readonly required?: boolean;
  /** Restart this service when Compose restarts the dependency. */
  readonly restart?: boolean | string;
  readonly [extension: `x-${string}`]: unknown;
}

/** Replicas, resources, updates and placement. */
export type ComposeDeploy = null | ComposeDeployMapping;

export interface ComposeDeployMapping {
  /** How clients reach the replicas in a swarm: `vip` or `dnsrr`. */
  readonly endpoint_mode?: string;
  /** Labels of the service in a swarm, not of its containers. */
  readonly labels?: ComposeListOrMap;
  /** `replicated`, `global`, or for jobs `replicated-job` and `global-job`. */
  readonly mode?: string;
  /** The nodes of a swarm that may run it. */
  readonly placement?: ComposePlacement;
  /** How many containers to run. */
  readonly replicas?: number | string;
  /** What the containers may use and what is kept for them. */
  readonly resources?: ComposeResources;
  /** When to start a container again that has ended. */
  readonly restart_policy?: ComposeRestartPolicy;
  /** How a failed update is taken back. */
  readonly rollback_config?: ComposeUpdateConfig;
  /** How replicas are replaced. */
  readonly update_config?: ComposeUpdateConfig;
  readonly [extension: `x-${string}`]: unknown;
}

/** The nodes of a swarm that may run the service. */
export interface ComposePlacement {
  /** Conditions such as `node.role == worker`. */
  readonly constraints?: readonly string[];
  /** The most replicas on one node. */
  readonly max_replicas_per_node?: number | string;
  /** How to spread the replicas. */
  readonly preferences?: readonly ComposePlacementPreference[];
  readonly [extension: `x-${string}`]: unknown;
}

/** One way to spread replicas. */
export interface ComposePlacementPreference {
  /** The node label over whose values to spread, such as `node.labels.zone`. */
  readonly spread?: string;
  readonly [extension: `x-${string}`]: unknown;
}

/** What the containers may use and what is kept for them. */
export interface ComposeResources {
  /** The most that a container may use. */
  readonly limits?: ComposeResourceLimits;
  /** What is kept for each container. */
  readonly reservations?: ComposeResourceReservations;
  readonly [extension: `x-${string}`]: unknown;
}

/** The most that a container may use. */
export interface ComposeResourceLimits {
  /** Processors, such as `0.5`. */
  readonly cpus?: number | string;
  /** Memory, such as `512M`. */
  readonly memory?: string;
  /** Processes. */
  readonly pids?: number | string;
  readonly [extension: `x-${string}`]: unknown;
}

/** What is kept for each container. */
export interface ComposeResourceReservations {
  /** Processors, such as `0.25`. */
  readonly cpus?: number | string;
  /** Devices such as GPUs. */
  readonly devices?: readonly ComposeDeviceRequest[];
  /** Resources that an administrator has defined on the nodes of a swarm. */
  readonly generic_resources?: readonly ComposeGenericResource[];
  /** Memory, such as `128M`. */
  readonly memory?: string;
  readonly [extension: `x-${string}`]: unknown;
}

/** A resource that an administrator has defined. */
export interface ComposeGenericResource {
  /** A resource that is counted. */
  readonly discrete_resource_spec?: ComposeDiscreteResource;
  readonly [extension: `x-${string}`]: unknown;
}

/** A resource that is counted. */
export interface ComposeDiscreteResource {
  /** Its name. */
  readonly kind?: string;
  /** How many of it. */
  readonly value?: number | string;
  readonly [extension: `x-${string}`]: unknown;
}

/** A request for devices. */
export interface ComposeDeviceRequest {
  /** What the devices must be able to do, such as `gpu`. */
  readonly capabilities: readonly string[];
  /** How many; `all` unless set. Not together with `device_ids`. */
  readonly count?: number | string;
  /** Which ones. Not together with `count`. */
  readonly device_ids?: readonly string[];
  /** The driver, such as `nvidia`. */
  readonly driver?: string;
  /** Options of the driver. */
  readonly options?: ComposeListOrMap;
  readonly [extension: `x-${string}`]: unknown;
}

/** When to start a container again that has ended. */
export interface ComposeRestartPolicy {
  /** `none`, `on-failure` or `any`. */
  readonly condition?: string;
  /** How long to wait before each attempt. */
  readonly delay?: string;
  /** How often to try before giving up. */
  readonly max_attempts?: number | string;
  /** How long it must run for an attempt to count as a success. */
  readonly window?: string;
  readonly [extension: `x-${string}`]: unknown;
}

/** How replicas are replaced. */
export interface ComposeUpdateConfig {
  /** How long to wait between two batches. */
  readonly delay?: string;
  /** What to do when a replica fails: `continue`, `pause`, and for updates `rollback`. */
  readonly failure_action?: string;
  /** The share of failures that is still accepted. */
  readonly max_failure_ratio?: number | string;
  /** How long to watch each replica for a failure. */
  readonly monitor?: string;
  /** Whether the old replica stops before the new one starts, or after. */
  readonly order?: "start-first" | "stop-first";
  /** How many at a time; 0 for all at once. */
  readonly parallelism?: number | string;
  readonly [extension: `x-${string}`]: unknown;
}

/** What `watch` does when files change. */
export type ComposeDevelop = null | ComposeDevelopMapping;

export interface ComposeDevelopMapping {
  /** Rules, one for each path. */
  readonly watch?: readonly ComposeWatchRule[];
  readonly [extension: `x-${string}`]: unknown;
}

/** What to do when files under a path change. */
export interface ComposeWatchRule {
  /** Rebuild the image, copy the files into the container, restart it, or copy and then restart or run a command. */
  readonly action: "rebuild" | "sync" | "restart" | "sync+restart" | "sync+exec";
  /** What `sync+exec` runs in the container. */
  readonly exec?: ComposeHook;
  /** Patterns of files that do not count, seen from the path. */
  readonly ignore?: ComposeStringOrList;
  /** Patterns of the only files that count, seen from the path. */
  readonly include?: ComposeStringOrList;
  /** Copy the files once at the start. */
  readonly initial_sync?: boolean;
  /** The file or directory to watch. */
  readonly path: string;
  /** Where in the container to copy to. */
  readonly target?: string;
  readonly [extension: `x-${string}`]: unknown;
}

/** A device of the host, as `source[:target[:permissions]]` or in parts. */
export type ComposeDevice = string | ComposeDeviceMapping;

export interface ComposeDeviceMapping {
  /** Any of `r` read, `w` write, `m` make nodes. All unless set. */
  readonly permissions?: string;
  /** The device on the host, or the name of a CDI device. */
  readonly source: string;
  /** Its path in the container. */
  readonly target?: string;
  readonly [extension: `x-${string}`]: unknown;
}

/** One file, or a list of files. */
export type ComposeEnvFile = string | readonly ComposeEnvFileItem[];

/** A file with environment variables. */
export type ComposeEnvFileItem = string | ComposeEnvFileItemMapping;

export interface ComposeEnvFileItemMapping {
  /** `raw` takes every line as it stands; without it quotes, escapes and variables have their meaning. */
  readonly format?: string;
  /** The file, seen from the project's directory. */
  readonly path: string;
  /** False: the file may be missing. */
  readonly required?: boolean | string;
  readonly [extension: `x-${string}`]: unknown;
}

/** A service to start from: its name, or a mapping that names the file too. */
export type ComposeExtends = string | ComposeExtendsMapping;

export interface ComposeExtendsMapping {
  /** The file that has the service; this one unless set. */
  readonly file?: string;
  /** The service's name. */
  readonly service: string;
  readonly [extension: `x-${string}`]: unknown;
}

/** Host names with their addresses: `host=address` items, or a mapping. */
export type ComposeExtraHosts = Readonly<Record<string, ComposeAddresses>> | readonly string[];

/** One address, or a list of them. */
export type ComposeAddresses = string | readonly string[];

/** A config or secret: its name, or a mapping that says where and how to mount it. */
export type ComposeFileMount = string | ComposeFileMountMapping;

export interface ComposeFileMountMapping {
  /** The group that owns the file. */
  readonly gid?: string;
  /** The file's permissions, such as `0440`. */
  readonly mode?: number | string;
  /** The name under the top-level `configs` or `secrets`. */
  readonly source?: string;
  /** Where to mount it. `/NAME` for a config and `/run/secrets/NAME` for a secret unless set. */
  readonly target?: string;
  /** The user who owns the file. */
  readonly uid?: string;
  readonly [extension: `x-${string}`]: unknown;
}

/** `all`, or a list of requests. */
export type ComposeGpus = string | readonly ComposeGpuRequest[];

/** A request for GPUs. */
export interface ComposeGpuRequest {
  /** What else they must be able to do, such as `utility`. */
  readonly capabilities?: readonly string[];
  /** How many; `all` unless set. Not together with `device_ids`. */
  readonly count?: number | string;
  /** Which ones. Not together with `count`. */
  readonly device_ids?: readonly string[];
  /** The driver, such as `nvidia`. */
  readonly driver?: string;
  /** Options of the driver. */
  readonly options?: ComposeListOrMap;
  readonly [key: string]: unknown;
}

/** How to find out whether the container works. */
export interface ComposeHealthcheck {
  /** Do without a check, even if the image has one. */
  readonly disable?: boolean | string;
  /** How long to wait between two checks, such as `30s`. */
  readonly interval?: string;
  /** How many failures in a row make it unhealthy. */
  readonly retries?: number | string;
  /** The time between two checks during `start_period`. */
  readonly start_interval?: string;
  /** How long it may take to start; failures in this time do not count. */
  readonly start_period?: string;
  /** The check: text for the shell, or a list that starts with `CMD`, `CMD-SHELL` or `NONE`. */
  readonly test?: string | readonly string[];
  /** How long one check may take. */
  readonly timeout?: string;
  readonly [extension: `x-${string}`]: unknown;
}

/** A command that runs at a point of the container's life. */
export interface ComposeHook {
  /** What to run. */
  readonly command: ComposeCommand;
  /** More environment variables for it. */
  readonly environment?: ComposeListOrMap;
  /** Run it with extended rights. */
  readonly privileged?: boolean | string;
  /** The user to run it as. */
  readonly user?: string;
  /** The directory to run it in. */
  readonly working_dir?: string;
  readonly [extension: `x-${string}`]: unknown;
}

/** A command that runs to its end before the service starts. */
export interface ComposePreStartHook {
  /** What to run; the image's own command unless set. */
  readonly command?: ComposeCommand;
  /** More environment variables for it. */
  readonly environment?: ComposeListOrMap;
  /** The image to run it in; the service's own unless set. */
  readonly image?: string;
  /** Run it for every replica instead of once. */
  readonly per_replica?: boolean | string;
  /** Run it with extended rights. */
  readonly privileged?: boolean | string;
  /** The user to run it as. */
  readonly user?: string;
  /** The directory to run it in. */
  readonly working_dir?: string;
  readonly [extension: `x-${string}`]: unknown;
}

/** Where the container's output goes. */
export interface ComposeLogging {
  /** The logging driver, such as `json-file`, `local`, `journald` or `none`. */
  readonly driver?: string;
  /** Options of the driver, such as `max-size: 10m`. */
  readonly options?: Readonly<Record<string, string | number | null>>;
  readonly [extension: `x-${string}`]: unknown;
}

/** A plug-in that provides the service. */
export interface ComposeProvider {
  /** Options for the plug-in; a list gives one several times. */
  readonly options?: Readonly<Record<string, string | number | boolean | readonly (string | number | boolean)[]>>;
  /** The plug-in: a program, or a plug-in of docker. */
  readonly type: string;
  readonly [extension: `x-${string}`]: unknown;
}

/** A port to publish. */
export type ComposePort = number | string | ComposePortMapping;

export interface ComposePortMapping {
  /** What is spoken over it, such as `http`; for people and tools. */
  readonly app_protocol?: string;
  /** The address of the host to publish on; all of them unless set. */
  readonly host_ip?: string;
  /** `host` or, in a swarm, `ingress`. */
  readonly mode?: string;
  /** A name for people. */
  readonly name?: string;
  /** `tcp` unless set, or `udp` or `sctp`. */
  readonly protocol?: string;
  /** The port of the host, or a range to choose from; any free one unless set. */
  readonly published?: string | number;
  /** The port in the container. */
  readonly target?: number | string;
  readonly [extension: `x-${string}`]: unknown;
}

/** AI models that a service uses. */
export type ComposeServiceModels = Readonly<Record<string, ComposeServiceModel>> | readonly string[];

/** How a service learns of a model. */
export type ComposeServiceModel = null | ComposeServiceModelMapping;

export interface ComposeServiceModelMapping {
  /** The variable that gets the model's URL; `NAME_URL` unless set. */
  readonly endpoint_var?: string;
  /** The variable that gets the model's identifier; `NAME_MODEL` unless set. */
  readonly model_var?: string;
  readonly [extension: `x-${string}`]: unknown;
}

/** Networks to join. */
export type ComposeServiceNetworks = Readonly<Record<string, ComposeServiceNetwork>> | readonly string[];

/** How a service joins a network. */
export type ComposeServiceNetwork = null | ComposeServiceNetworkMapping;

export interface ComposeServiceNetworkMapping {
  /** More names under which others on the network find it. */
  readonly aliases?: readonly string[];
  /** Options of the network's driver for this endpoint. */
  readonly driver_opts?: ComposeDriverOpts;
  /** The network with the highest one gives the default route. */
  readonly gw_priority?: number;
  /** Name of the network interface in the container. */
  readonly interface_name?: string;
  /** A fixed IPv4 address; the network needs a subnet. */
  readonly ipv4_address?: string;
  /** A fixed IPv6 address; the network needs a subnet. */
  readonly ipv6_address?: string;
  /** Link-local addresses. */
  readonly link_local_ips?: readonly string[];
  /** The MAC address on this network. */
  readonly mac_address?: string;
  /** Networks are joined in the order of their priorities, highest first. */
  readonly priority?: number;
  readonly [extension: `x-${string}`]: unknown;
}

/** Limits of resources. */
export type ComposeUlimits = Readonly<Record<string, ComposeUlimit>>;

/** One limit, or soft and hard apart; -1 for none. */
export type ComposeUlimit = number | string | ComposeUlimitMapping;

export interface ComposeUlimitMapping {
  /** The limit that only root may raise. */
  readonly hard: number | string;
  /** The limit that holds until the process raises it. */
  readonly soft: number | string;
  readonly [extension: `x-${string}`]: unknown;
}

/** A volume or directory to mount. */
export type ComposeVolumeMount = string | ComposeVolumeMountMapping;

export interface ComposeVolumeMountMapping {
  /** Settings for `type: bind`. */
  readonly bind?: ComposeBindOptions;
  /** What Docker Desktop once used: `consistent`, `cached` or `delegated`. */
  readonly consistency?: string;
  /** Settings for `type: image`. */
  readonly image?: ComposeImageOptions;
  /** Mount it read-only. */
  readonly read_only?: boolean | string;
  /** A path for `bind`, a name under the top-level `volumes` for `volume`, an image for `image`. */
  readonly source?: string;
  /** Where in the container to mount it. */
  readonly target?: string;
  /** Settings for `type: tmpfs`. */
  readonly tmpfs?: ComposeTmpfsOptions;
  /** What to mount. */
  readonly type: "bind" | "volume" | "tmpfs" | "npipe" | "cluster" | "image";
  /** Settings for `type: volume`. */
  readonly volume?: ComposeVolumeOptions;
  readonly [extension: `x-${string}`]: unknown;
}

/** Settings of a bind mount. */
export interface ComposeBindOptions {
  /** Make the directory on the host if it is not there. True unless set. */
  readonly create_host_path?: boolean | string;
  /** Whether mounts inside are passed on: `rprivate` unless set. */
  readonly propagation?: string;
  /** How mounts below the source are treated. */
  readonly recursive?: "enabled" | "disabled" | "writable" | "readonly";
  /** Relabel for SELinux: `z` shared, `Z` for this container alone. */
  readonly selinux?: "z" | "Z";
  readonly [extension: `x-${string}`]: unknown;
}

/** Settings of a mounted volume. */
export interface ComposeVolumeOptions {
  /** Labels for a volume that is made for this mount. */
  readonly labels?: ComposeListOrMap;
  /** Do not fill a new volume with what the image has there. */
  readonly nocopy?: boolean | string;
  /** A directory in the volume to mount instead of its root. */
  readonly subpath?: string;
  readonly [extension: `x-${string}`]: unknown;
}

/** Settings of a directory in memory. */
export interface ComposeTmpfsOptions {
  /** Its permissions, such as `0o1777`. */
  readonly mode?: number | string;
  /** Its largest size, such as `64m`; no limit unless set. */
  readonly size?: number | string;
  readonly [extension: `x-${string}`]: unknown;
}

/** Settings of a mounted image. */
export interface ComposeImageOptions {
  /** A directory in the image to mount instead of its root. */
  readonly subpath?: string;
  readonly [extension: `x-${string}`]: unknown;
}

/** Another Compose project to take in: its file, or a mapping. */
export type ComposeInclude = string | ComposeIncludeMapping;

export interface ComposeIncludeMapping {
  /** Files with variables for it, instead of the `.env` in its directory. */
  readonly env_file?: ComposeStringOrList;
  /** Its file, and more files to merge over it. */
  readonly path?: ComposeStringOrList;
  /** The directory that its relative paths are seen from; that of its file unless set. */
  readonly project_directory?: string;
  readonly [extension: `x-${string}`]: unknown;
}

/** A network. */
export type ComposeNetwork = null | ComposeNetworkMapping;

export interface ComposeNetworkMapping {
  /** Containers outside of the project may join it (swarm). */
  readonly attachable?: boolean | string;
  /** The driver, such as `bridge` or `overlay`. */
  readonly driver?: string;
  /** Options of the driver. */
  readonly driver_opts?: ComposeDriverOpts;
  /** Give out IPv4 addresses. */
  readonly enable_ipv4?: boolean | string;
  /** Give out IPv6 addresses. */
  readonly enable_ipv6?: boolean | string;
  /** True: it exists already, and Compose neither makes nor removes it. */
  readonly external?: ComposeExternal;
  /** No way out of it. */
  readonly internal?: boolean | string;
  /** Its addresses. */
  readonly ipam?: ComposeIpam;
  /** Its labels. */
  readonly labels?: ComposeListOrMap;
  /** Its name on the engine; `PROJECT_KEY` unless set. */
  readonly name?: string;
  readonly [extension: `x-${string}`]: unknown;
}

/** The addresses of a network. */
export interface ComposeIpam {
  /** Address pools. */
  readonly config?: readonly ComposeIpamPool[];
  /** The driver that gives out addresses. */
  readonly driver?: string;
  /** Options of the driver. */
  readonly options?: Readonly<Record<string, string>>;
  readonly [extension: `x-${string}`]: unknown;
}

/** A pool of addresses. */
export interface ComposeIpamPool {
  /** Addresses that are not to be given out, by host name. */
  readonly aux_addresses?: Readonly<Record<string, string>>;
  /** The gateway's address. */
  readonly gateway?: string;
  /** The part of the subnet to give addresses from. */
  readonly ip_range?: string;
  /** The subnet, such as `172.28.0.0/16`. */
  readonly subnet?: string;
  readonly [extension: `x-${string}`]: unknown;
}

/** A volume. */
export type ComposeVolume = null | ComposeVolumeMapping;

export interface ComposeVolumeMapping {
  /** The driver; `local` unless set. */
  readonly driver?: string;
  /** Options of the driver. */
  readonly driver_opts?: ComposeDriverOpts;
  /** True: it exists already, and Compose neither makes nor removes it. */
  readonly external?: ComposeExternal;
  /** Its labels. */
  readonly labels?: ComposeListOrMap;
  /** Its name on the engine; `PROJECT_KEY` unless set. */
  readonly name?: string;
  readonly [extension: `x-${string}`]: unknown;
}

/** A secret. */
export interface ComposeSecret {
  /** The driver that keeps it (swarm). */
  readonly driver?: string;
  /** Options of the driver. */
  readonly driver_opts?: ComposeDriverOpts;
  /** The variable whose value it is. */
  readonly environment?: string;
  /** True: it exists already in the swarm. */
  readonly external?: ComposeExternal;
  /** The file whose content it is. */
  readonly file?: string;
  /** Its labels. */
  readonly labels?: ComposeListOrMap;
  /** Its name in the swarm. */
  readonly name?: string;
  /** The driver that fills in its template. */
  readonly template_driver?: string;
  readonly [extension: `x-${string}`]: unknown;
}

/** A config: a file for containers that is no secret. */
export interface ComposeConfig {
  /** The content itself; variables in it are replaced. */
  readonly content?: string;
  /** The variable whose value it is. */
  readonly environment?: string;
  /** True: it exists already in the swarm. */
  readonly external?: ComposeExternal;
  /** The file whose content it is. */
  readonly file?: string;
  /** Its labels. */
  readonly labels?: ComposeListOrMap;
  /** Its name in the swarm. */
  readonly name?: string;
  /** The driver that fills in its template. */
  readonly template_driver?: string;
  readonly [extension: `x-${string}`]: unknown;
}

/** An AI model that services use. */
export interface ComposeModel {
  /** The most tokens of context. */
  readonly context_size?: number;
  /** The model, as an OCI reference such as `ai/smollm2`. */
  readonly model: string;
  /** A name for it. */
  readonly name?: string;
  /** Flags for the inference engine. */
  readonly runtime_flags?: readonly string[];
  readonly [extension: `x-${string}`]: unknown;
}

/** Whether it exists outside of the project. */
export type ComposeExternal = boolean | string | ComposeExternalMapping;

export interface ComposeExternalMapping {
  /** Its name; use the `name` beside `external` instead. @deprecated */
  readonly name?: string;
  readonly [extension: `x-${string}`]: unknown;
}

/** Text that is split into words, or a list of words. */
export type ComposeCommand = null | string | readonly string[];

/** Options of a driver. */
export type ComposeDriverOpts = Readonly<Record<string, string | number>>;

/** One file, or a list of files. */
export type ComposeLabelFile = string | readonly string[];

/** One, or a list. */
export type ComposeStringOrList = string | readonly string[];

/** A mapping, or a list of `name=value`. */
export type ComposeListOrMap = Readonly<Record<string, string | number | boolean | null>> | readonly string[];
