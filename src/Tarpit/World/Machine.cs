using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Blackwall.Tarpit.World;

/// <summary>
/// The machine that all protocols pretend to be: facts that follow from the installation's seed, so that two installations differ and one always
/// agrees with itself.
/// </summary>
internal sealed class Machine
{
    private static readonly string[] Roles = ["web", "app", "api", "db", "files", "mail", "build", "vpn", "store", "backup", "cache", "portal", "shop", "crm"];
    private static readonly string[] Places = ["prod", "ams", "fra", "lon", "nyc", "sfo", "tor", "hel", "par", "sgp", "dub", "waw"];
    /// <summary>Of people who work with it.</summary>
    public static IReadOnlyList<string> FirstNames { get; } = ["anna", "marc", "jonas", "lea", "tom", "nina", "oliver", "eva", "daniel", "sara", "paul", "mia", "jan", "laura"];
    private static readonly string[] Letters = ["b", "c", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "w"];
    private static readonly string[] Deployers = ["deploy", "app", "svc", "ci", "web", "release", "ops", "build"];
    private static readonly string[] DeployerForms = ["", "er", "1", "user", "_prod", "bot", "-svc", "2"];
    private static readonly string[] GatewayMakers = ["fe:54:00", "00:00:5e", "2c:c8:1b", "d4:04:ff", "f4:b5:2f", "00:1c:73", "52:54:00", "c8:4c:75"];
    private static readonly (string Model, int Family, int Number, int Stepping, string Mhz)[] Processors =
    [
        ("Intel(R) Xeon(R) Gold 6248 CPU @ 2.50GHz", 6, 85, 7, "2494.140"),
        ("Intel(R) Xeon(R) Platinum 8259CL CPU @ 2.50GHz", 6, 85, 7, "2499.998"),
        ("AMD EPYC 7543 32-Core Processor", 25, 1, 1, "2794.748"),
        ("Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz", 6, 79, 1, "2399.996"),
    ];

    private readonly byte[] _seed;
    private Packages.PackageList? _packages;

    // Numbers of Ubuntu 24.04's kernel packages, and what uname -v says of each.
    private static readonly (string Abi, string Build)[] Kernels =
    [
        ("45", "45-Ubuntu SMP PREEMPT_DYNAMIC Fri Aug 30 12:02:04"), ("48", "48-Ubuntu SMP PREEMPT_DYNAMIC Fri Sep 27 14:04:52"), ("49", "49-Ubuntu SMP PREEMPT_DYNAMIC Mon Nov  4 02:06:24"),
        ("51", "52-Ubuntu SMP PREEMPT_DYNAMIC Thu Dec  5 13:09:44"), ("52", "53-Ubuntu SMP PREEMPT_DYNAMIC Sat Jan 11 00:06:25"), ("54", "56-Ubuntu SMP PREEMPT_DYNAMIC Sat Feb  8 00:37:57"),
    ];

    /// <param name="seed">32 bytes; the same for the life of an installation.</param>
    /// <param name="installed">When the installation was made.</param>
    public Machine(byte[] seed, DateTimeOffset installed, TimeProvider time)
    {
        _seed = seed;
        Time = time;
        HostName = string.Create(CultureInfo.InvariantCulture, $"{Pick("role", Roles)}-{Pick("place", Places)}-{Number("host", 1, 29):00}");
        Administrator = Pick("admin", FirstNames) + (Number("admin-form", 0, 3) == 0 ? "" : Pick("admin-letter", Letters));
        Deployer = Pick("deployer", Deployers) + Pick("deployer-form", DeployerForms);
        BootTime = installed.AddSeconds(-Number("uptime", 9 * 86_400, 190 * 86_400));
        SetUp = BootTime.AddDays(-Number("setup", 20, 300)).AddSeconds(Number("setup-s", 0, 86_400));
        (string abi, string build) = Pick("kernel", Kernels);
        Kernel = $"6.8.0-{abi}-generic";
        KernelBuild = $"#{build} UTC {(build.Contains(" Jan ", StringComparison.Ordinal) || build.Contains(" Feb ", StringComparison.Ordinal) ? "2025" : "2024")}";
        Processor = Processors[Number("cpu", 0, Processors.Length)];
        ProcessorCount = 1 << Number("cpus", 0, 3);
        MemoryKilobytes = (ProcessorCount * 2 * 1024 * 1024) - Number("memory", 60_000, 98_000);
        DiskKilobytes = (ProcessorCount * 25L * 1024 * 1024) - Number("disk", 900_000, 1_400_000);
        DiskUsedKilobytes = 1_300_000 + Number("used", 0, 500_000);
        HardwareAddress = string.Create(CultureInfo.InvariantCulture, $"52:54:00:{Number("mac1", 0, 256):x2}:{Number("mac2", 0, 256):x2}:{Number("mac3", 0, 256):x2}");
        GatewayHardwareAddress = string.Create(CultureInfo.InvariantCulture, $"{Pick("gateway-maker", GatewayMakers)}:{Number("gateway1", 0, 256):x2}:{Number("gateway2", 0, 256):x2}:{Number("gateway3", 0, 256):x2}");
        MachineId = Convert.ToHexStringLower(Bytes("machine-id", 16));
        RootDisk = new Guid(Bytes("uuid-root", 16)).ToString();
        BootDisk = new Guid(Bytes("uuid-boot", 16)).ToString();
        EfiDisk = string.Create(CultureInfo.InvariantCulture, $"{Number("efi1", 0x1000, 0x10000):X4}-{Number("efi2", 0x1000, 0x10000):X4}");
        BootId = new Guid(Bytes("boot-id", 16)).ToString();
        Upgraded = BootTime.AddMinutes(-Number("upgraded", 6, 40));
    }

    public TimeProvider Time { get; }

    /// <summary>Public host keys as they travel, by "rsa", "ecdsa" and "ed25519"; null: there is no server.</summary>
    public IReadOnlyList<(string Kind, byte[] Blob)>? HostKeys { get; init; }

    public string HostName { get; }

    /// <summary>The person who runs it, as a user of the system.</summary>
    public string Administrator { get; }

    public DateTimeOffset BootTime { get; }

    /// <summary>When its operating system was installed.</summary>
    public DateTimeOffset SetUp { get; }

    public string Kernel { get; }

    public string KernelBuild { get; }

    public (string Model, int Family, int Number, int Stepping, string Mhz) Processor { get; }

    public int ProcessorCount { get; }

    public long MemoryKilobytes { get; }

    public long DiskKilobytes { get; }

    public long DiskUsedKilobytes { get; }

    /// <summary>Of the whole disk, 512 bytes each.</summary>
    public long DiskSectors => DiskGigabytes * 2L * 1024 * 1024;

    public int DiskGigabytes => ProcessorCount * 25;

    public string HardwareAddress { get; }

    public string MachineId { get; }

    /// <summary>Of the router next to it.</summary>
    public string GatewayHardwareAddress { get; }

    /// <summary>UUIDs of the file systems.</summary>
    public string RootDisk { get; }

    public string BootDisk { get; }

    public string EfiDisk { get; }

    public string BootId { get; }

    /// <summary>When packages were last upgraded: before the last start.</summary>
    public DateTimeOffset Upgraded { get; }

    /// <summary>The account that brings the application to the machine.</summary>
    public string Deployer { get; }

    public string Release { get; } = "Ubuntu 24.04.1 LTS";

    /// <summary>What is installed; read when somebody first asks.</summary>
    public Packages.PackageList Packages => LazyInitializer.EnsureInitialized(ref _packages, () => new Packages.PackageList(this));

    public DateTimeOffset Now => Time.GetUtcNow();

    public TimeSpan Uptime => Now - BootTime;

    /// <summary>Users that somebody can log in as.</summary>
    public IReadOnlyList<string> LoginUsers => ["root", "ubuntu", Administrator, Deployer];

    /// <summary>A number that follows from the seed and a name.</summary>
    /// <param name="from">Smallest.</param>
    /// <param name="to">One more than the largest.</param>
    public int Number(string name, int from, int to) => from + (int)(BitConverter.ToUInt32(Bytes(name, 4)) % (uint)(to - from));

    public T Pick<T>(string name, IReadOnlyList<T> values) => values[Number(name, 0, values.Count)];

    public byte[] Bytes(string name, int length) => HMACSHA512.HashData(_seed, Encoding.UTF8.GetBytes(name))[..length];

    /// <summary>Waits no shorter than told: timers of the runtime fire up to a millisecond early, a kernel's never do.</summary>
    public async Task SleepAsync(TimeSpan duration, CancellationToken cancellation)
    {
        long begun = Time.GetTimestamp();
        for (TimeSpan left = duration; left > TimeSpan.Zero; left = duration - Time.GetElapsedTime(begun))
        {
            await Task.Delay(left < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : left, Time, cancellation);
        }
    }
}
