using System.Globalization;
using System.Net;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Banners;

/// <summary>What all clients of the Redis server share. Thread-safe.</summary>
internal sealed class RedisServer
{
    public const string Version = "7.0.15";

    private const int MostStores = 512;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, RedisStore> _stores = [];
    private readonly Queue<IPAddress> _order = new();
    private long _client;

    public RedisServer(Machine machine)
    {
        Machine = machine;
        RunId = Convert.ToHexStringLower(machine.Bytes("redis-run", 20));
        _client = machine.Number("redis-client", 200, 9000);
    }

    public Machine Machine { get; }

    /// <summary>40 hexadecimal digits.</summary>
    public string RunId { get; }

    public long NextClient() => Interlocked.Increment(ref _client);

    /// <summary>The data as this address left it; the oldest is forgotten first.</summary>
    public RedisStore StoreOf(IPAddress address)
    {
        lock (_lock)
        {
            if (!_stores.TryGetValue(address, out RedisStore? store))
            {
                if (_order.Count == MostStores)
                {
                    _stores.Remove(_order.Dequeue());
                }

                _stores[address] = store = new RedisStore(Seed());
                _order.Enqueue(address);
            }

            return store;
        }
    }

    /// <summary>INFO, with one section or all.</summary>
    public string Info(string section, int keys)
    {
        long uptime = (long)Machine.Uptime.TotalSeconds - 40;
        (string Name, string Text)[] sections =
        [
            ("Server", $"redis_version:{Version}\r\nredis_git_sha1:00000000\r\nredis_git_dirty:0\r\nredis_build_id:{Convert.ToHexStringLower(Machine.Bytes("redis-build", 8))}\r\nredis_mode:standalone\r\nos:Linux {Machine.Kernel} x86_64\r\narch_bits:64\r\nmonotonic_clock:POSIX clock_gettime\r\nmultiplexing_api:epoll\r\natomicvar_api:c11-builtin\r\ngcc_version:13.2.0\r\nprocess_id:{N(Machine.Number("redis-pid", 600, 999))}\r\nprocess_supervised:systemd\r\nrun_id:{RunId}\r\ntcp_port:6379\r\nserver_time_usec:{N(Machine.Now.ToUnixTimeMilliseconds() * 1000)}\r\nuptime_in_seconds:{N(uptime)}\r\nuptime_in_days:{N(uptime / 86_400)}\r\nhz:10\r\nconfigured_hz:10\r\nlru_clock:{N(Machine.Now.ToUnixTimeSeconds() & 0xFFFFFF)}\r\nexecutable:/usr/bin/redis-server\r\nconfig_file:/etc/redis/redis.conf\r\nio_threads_active:0"),
            ("Clients", "connected_clients:1\r\ncluster_connections:0\r\nmaxclients:10000\r\nclient_recent_max_input_buffer:20480\r\nclient_recent_max_output_buffer:0\r\nblocked_clients:0\r\ntracking_clients:0\r\nclients_in_timeout_table:0"),
            ("Memory", $"used_memory:{N(1_012_000 + (keys * 96L))}\r\nused_memory_human:989.17K\r\nused_memory_rss:12451840\r\nused_memory_rss_human:11.88M\r\nused_memory_peak:1217344\r\nused_memory_peak_human:1.16M\r\ntotal_system_memory:{N(Machine.MemoryKilobytes * 1024)}\r\nmaxmemory:0\r\nmaxmemory_human:0B\r\nmaxmemory_policy:noeviction\r\nmem_allocator:jemalloc-5.3.0"),
            ("Persistence", $"loading:0\r\nasync_loading:0\r\nrdb_changes_since_last_save:0\r\nrdb_bgsave_in_progress:0\r\nrdb_last_save_time:{N(Machine.BootTime.ToUnixTimeSeconds() + 40)}\r\nrdb_last_bgsave_status:ok\r\naof_enabled:0\r\naof_rewrite_in_progress:0"),
            ("Stats", $"total_connections_received:{N(_client)}\r\ntotal_commands_processed:{N(_client * 3)}\r\ninstantaneous_ops_per_sec:0\r\nrejected_connections:0\r\nexpired_keys:0\r\nevicted_keys:0\r\nkeyspace_hits:{N(_client / 2)}\r\nkeyspace_misses:{N(_client / 9)}\r\npubsub_channels:0\r\nlatest_fork_usec:0"),
            ("Replication", $"role:master\r\nconnected_slaves:0\r\nmaster_failover_state:no-failover\r\nmaster_replid:{Convert.ToHexStringLower(Machine.Bytes("redis-repl", 20))}\r\nmaster_replid2:0000000000000000000000000000000000000000\r\nmaster_repl_offset:0\r\nsecond_repl_offset:-1\r\nrepl_backlog_active:0\r\nrepl_backlog_size:1048576"),
            ("CPU", $"used_cpu_sys:{(uptime / 900.0).ToString("0.000000", CultureInfo.InvariantCulture)}\r\nused_cpu_user:{(uptime / 1100.0).ToString("0.000000", CultureInfo.InvariantCulture)}"),
            ("Modules", ""),
            ("Errorstats", ""),
            ("Cluster", "cluster_enabled:0"),
            ("Keyspace", keys == 0 ? "" : $"db0:keys={N(keys)},expires=0,avg_ttl=0"),
        ];
        bool isAll = section is "default" or "all" or "everything";
        return string.Join("\r\n", sections.Where(s => isAll || s.Name.Equals(section, StringComparison.OrdinalIgnoreCase)).Select(s => $"# {s.Name}\r\n{(s.Text.Length == 0 ? "" : s.Text + "\r\n")}"));
    }

    private static string N(long number) => number.ToString(CultureInfo.InvariantCulture);

    private IEnumerable<(string Key, string Value)> Seed() =>
    [
        .. Enumerable.Range(1, Machine.Number("redis-sessions", 4, 12)).Select(n => ($"session:{Convert.ToHexStringLower(Machine.Bytes($"redis-session{N(n)}", 12))}", $"{{\"user\":{N(Machine.Number($"redis-user{N(n)}", 1, 240))},\"cart\":[]}}")),
        ("cache:homepage:etag", Convert.ToHexStringLower(Machine.Bytes("redis-etag", 8))), ("queue:mail:processed", N(Machine.Number("redis-mail", 900, 40_000))),
    ];
}
