using Blackwall.Kernel;
using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Interop;
using Blackwall.Kernel.Loading;
using Blackwall.Kernel.Policy;
using Blackwall.Kernel.Tests.Packets;
using Blackwall.Pipeline.Board;

namespace Blackwall.Benchmarks.Programs;

/// <summary>The real programs with a policy, on no interface: what test-run measures.</summary>
internal sealed class LoadedWall : IDisposable
{
    public const string Server = "198.51.100.1";

    private readonly PolicyWriter _policy;

    private LoadedWall(KernelPrograms programs, PolicyWriter policy, WallSettings settings)
    {
        Programs = programs;
        _policy = policy;
        Settings = settings;
    }

    public KernelPrograms Programs { get; }

    public WallSettings Settings { get; private set; }

    /// <summary>Limits that no packet of a benchmark meets: their look-ups cost what they cost, and nothing is dropped.</summary>
    public static IReadOnlyList<RateRule> Unmet { get; } =
        [.. RateRule.Defaults.Select(rule => rule.Class == RateClass.Event ? rule : rule with { PerSecond = 1e8, Burst = 1e8 })];

    /// <param name="entries">The policy.</param>
    /// <param name="settings">How strict; null: enforced, limits that are never met, no challenges.</param>
    public static LoadedWall Create(PolicyEntry[] entries, WallSettings? settings = null)
    {
        settings ??= new WallSettings { Interface = "none", Mode = EnforcementMode.Enforce, Limits = Unmet, ChallengePerSecond = 0 };
        KernelPrograms programs = KernelPrograms.Load(new LoadOptions { TableSizes = settings.TableSizes });
        PolicyWriter policy = new(programs, TimeProvider.System);
        policy.Replace(entries, settings);
        return new LoadedWall(programs, policy, settings);
    }

    public void Use(Features features)
    {
        Settings = Settings with { Features = features };
        _policy.Apply(Settings);
    }

    /// <summary>Nanoseconds of one run of the ingress program; the verdict must be the expected one.</summary>
    public double Cost(byte[] frame, int expected, int repeat)
    {
        TestRunResult result = BpfProgram.Run(Programs.Ingress, frame, [], repeat);
        return result.Code == expected
            ? result.Nanoseconds
            : throw new InvalidOperationException($"The program answered {result.Code} where {expected} was expected; what was measured is not what is named.");
    }

    /// <summary>SYN in, SYN-ACK out, ACK in: the flow is verified afterwards.</summary>
    public void Shake(string client, ushort from, ushort to)
    {
        Run(Programs.Ingress, Frame.From(client, Server).TcpSegment(from, to, Frame.Syn, 1000));
        Run(Programs.Egress, Frame.From(Server, client).TcpSegment(to, from, Frame.Syn | Frame.Ack, 5000, 1001));
        Run(Programs.Ingress, Frame.From(client, Server).TcpSegment(from, to, Frame.Ack, 1001, 5001));
    }

    public void Dispose()
    {
        _policy.Dispose();
        Programs.Dispose();
    }

    private static void Run(Microsoft.Win32.SafeHandles.SafeFileHandle program, Frame frame) => BpfProgram.Run(program, frame.Build(), new byte[2048]);
}
