namespace Blackwall.Tarpit.World.State;

/// <summary>What runs on the machine of one visitor: the machine's own, his sessions, and what he started. Thread-safe, bounded.</summary>
internal sealed class ProcessTable(Machine machine, ServiceTable services)
{
    private const int MostStarted = 512;
    private const int LargestId = 4_194_304;

    private static readonly string[] s_kernel =
    [
        "kthreadd", "pool_workqueue_release", "kworker/R-rcu_g", "kworker/R-rcu_p", "kworker/R-slub_", "kworker/R-netns", "kworker/0:0H-events_highpri", "kworker/R-mm_pe", "rcu_tasks_kthread", "rcu_tasks_rude_kthread",
        "rcu_tasks_trace_kthread", "ksoftirqd/0", "rcu_preempt", "migration/0", "idle_inject/0", "cpuhp/0", "kdevtmpfs", "kworker/R-inet_", "kauditd", "khungtaskd", "oom_reaper", "kworker/R-write", "kcompactd0",
        "ksmd", "khugepaged", "kworker/R-kinte", "kworker/R-kbloc", "kworker/R-blkcg", "irq/9-acpi", "kworker/R-tpm_d", "kworker/R-ata_s", "kworker/R-md", "kworker/R-edac-", "watchdogd", "kswapd0", "ecryptfs-kthread",
        "kworker/R-kthro", "kworker/R-acpi_", "scsi_eh_0", "scsi_eh_1", "kworker/R-mld", "kworker/R-ipv6_", "kworker/R-kstrp", "kworker/u5:0", "kworker/R-charg", "jbd2/vda1-8", "kworker/R-ext4-", "kworker/0:1-events", "kworker/u4:2-flush-252:0",
    ];

    private readonly Lock _lock = new();
    private readonly List<RunningProcess> _started = [];
    private int _last;

    /// <summary>The numbers that the next processes get, one after the other; they go up as the clock goes, too. Returns the last.</summary>
    public int NextId(int count = 1)
    {
        lock (_lock)
        {
            _last = (Math.Max(_last, IdAt(machine.Now)) + count) % LargestId;
            return _last;
        }
    }

    /// <summary>About the number that a process of that time got.</summary>
    public int IdAt(DateTimeOffset when) => (FirstId + (int)(Math.Max(0, (when - machine.BootTime).TotalMinutes) * 1.7)) % LargestId;

    /// <summary>All of them, by their numbers.</summary>
    public IReadOnlyList<RunningProcess> All
    {
        get
        {
            List<RunningProcess> all = [];
            lock (_lock)
            {
                all.AddRange(Machines());
                all.AddRange(_started);
            }

            all.Sort((a, b) => a.Id.CompareTo(b.Id));
            return all;
        }
    }

    public RunningProcess? Find(int id) => All.FirstOrDefault(process => process.Id == id);

    /// <summary>A process begins; the oldest that is not of a session gives way when there are too many.</summary>
    public void Add(RunningProcess process)
    {
        lock (_lock)
        {
            if (_started.Count >= MostStarted)
            {
                _started.RemoveAt(Math.Max(0, _started.FindIndex(other => !other.Command.StartsWith("sshd:", StringComparison.Ordinal))));
            }

            // Numbers of an earlier visit are not given again while its processes run.
            _last = Math.Max(_last, process.Id);
            _started.Add(process);
        }
    }

    /// <summary>A command of the visitor goes on in the background. Returns its number.</summary>
    public int Start(string command, string user, int parent, string terminal, string folder, double load = 0, int memory = 4200)
    {
        int id = NextId();
        Add(new RunningProcess(id, parent, user, terminal, machine.Now, command, memory) { Folder = folder, Load = load });
        return id;
    }

    /// <summary>A shell has ended: what it started has no terminal any more, and the first process is its parent.</summary>
    public void Orphan(int shell)
    {
        lock (_lock)
        {
            for (int at = 0; at < _started.Count; at++)
            {
                _started[at] = _started[at].Parent == shell ? _started[at] with { Terminal = "?", Parent = 1 } : _started[at];
            }
        }
    }

    /// <summary>A process is stopped, or goes on.</summary>
    public void Stop(int id, bool isStopped)
    {
        lock (_lock)
        {
            int at = _started.FindIndex(process => process.Id == id);
            if (at >= 0)
            {
                _started[at] = _started[at] with { IsStopped = isStopped };
            }
        }
    }

    /// <summary>A process is over. False: there is none of this number.</summary>
    public bool End(int id)
    {
        lock (_lock)
        {
            if (_started.RemoveAll(process => process.Id == id) > 0)
            {
                return true;
            }

            if (Machines().FirstOrDefault(process => process.Id == id) is not { } own)
            {
                return false;
            }

            // The kernel and the first process ignore it; the parent of a worker starts another.
            if (own is { IsKernels: false, Service: { } service } && own.Id == MainProcess(service))
            {
                services.Set(service.Name, ServiceState.Failed);
            }

            return true;
        }
    }

    /// <summary>What goes on when its session has ended: for a later visit.</summary>
    public IReadOnlyList<RunningProcess> Lasting
    {
        get
        {
            lock (_lock)
            {
                return [.. _started.Where(process => process.Terminal is "?" && !process.Command.StartsWith("sshd:", StringComparison.Ordinal))];
            }
        }
    }

    /// <summary>Number of the main process of a service.</summary>
    public int MainProcess(SystemService service)
    {
        int at = ((List<SystemService>)[.. SystemServices.All]).IndexOf(service);
        return services.Started(service.Name) is { } again
            ? (FirstId + (int)((again - machine.BootTime).TotalMinutes * 1.7) + 30 + at) % LargestId
            : 200 + machine.Number("service-base", 0, 90) + (at * 23) + machine.Number("service" + service.Name, 0, 19);
    }

    private int FirstId => 1800 + machine.Number("first-process", 0, 900);

    private IEnumerable<RunningProcess> Machines()
    {
        yield return new RunningProcess(1, 0, "root", "?", machine.BootTime, "/sbin/init", 13_400);
        for (int n = 0; n < s_kernel.Length; n++)
        {
            yield return new RunningProcess(n + 2 + (n > 20 ? n : 0), n == 0 ? 0 : 2, "root", "?", machine.BootTime, $"[{s_kernel[n]}]", 0);
        }

        foreach (SystemService service in SystemServices.All)
        {
            if (services.Get(service.Name) != ServiceState.Active)
            {
                continue;
            }

            int main = MainProcess(service);
            DateTimeOffset started = services.Started(service.Name) ?? machine.BootTime.AddSeconds(3 + (main / 90.0));
            yield return new RunningProcess(main, 1, service.User, service.Name.StartsWith("getty", StringComparison.Ordinal) ? "tty1" : "?", started, service.Command, service.Memory) { Service = service };
            for (int n = 0; n < service.Workers.Count; n++)
            {
                yield return new RunningProcess(main + 3 + n, main, service.WorkerUser, "?", started.AddSeconds(1), service.Workers[n], service.Memory / 2) { Service = service };
            }
        }
    }
}
