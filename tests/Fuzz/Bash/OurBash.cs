using System.Net;
using Blackwall.Tarpit;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.Tests;
using Blackwall.Tarpit.Visiting;
using Blackwall.Tarpit.World;

namespace Blackwall.Fuzz.Bash;

/// <summary>The shell of the tarpit, with a visitor of its own for each script.</summary>
internal sealed class OurBash
{
    /// <summary>Exit code of a script that ran into a fault of ours.</summary>
    public const int Crashed = -1;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly Visitors _visitors = new(new Machine(new byte[32], DateTimeOffset.UnixEpoch.AddYears(50), TimeProvider.System), new TarpitSettings { DelayScale = 0 });
    private int _run;

    /// <summary>What a script prints, and how it ends; null: it did not end.</summary>
    public Task<(byte[] Output, int ExitCode, string Errors)?> RunAsync(string script) => RunAsync(script, Limit);

    public async Task<(byte[] Output, int ExitCode, string Errors)?> RunAsync(string script, TimeSpan limit)
    {
        _run++;
        IPEndPoint remote = new(new IPAddress([10, (byte)(_run >> 16), (byte)(_run >> 8), (byte)_run]), 1);
        IHost host = _visitors.LogIn(remote, new IPEndPoint(IPAddress.Loopback, 22), "root");
        using MemoryIo io = new();
        using CancellationTokenSource end = new(limit);
        try
        {
            NoLog log = new();
            ExitStatus status = await host.ExecuteAsync($"export LC_ALL=C.UTF-8; rm -rf /tmp/*; mkdir -p /tmp/w; cd /tmp/w\n{script}", io, log, end.Token);
            if (log.Fault is { } fault)
            {
                return (io.Output.ToArray(), Crashed, fault);
            }

            return (io.Output.ToArray(), status.Code, System.Text.Encoding.UTF8.GetString(io.Errors.ToArray()));
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (Exception crash)
        {
            return (io.Output.ToArray(), Crashed, crash.ToString());
        }
    }

    private sealed class NoLog : ISessionLog
    {
        public string Id => "000000000000";

        /// <summary>What went wrong in a program of ours.</summary>
        public string? Fault { get; private set; }

        public void Record(Observation observation) =>
            Fault ??= observation.Kind is ObservationKinds.Limit && observation.Name?.EndsWith("Exception", StringComparison.Ordinal) == true ? $"{observation.Name} {observation.Text}" : null;

        public void RecordTerminal(bool isInput, ReadOnlySpan<byte> bytes)
        {
            // Nobody looks at it.
        }

        public string SaveFile(string name, ReadOnlySpan<byte> content) => "";
    }
}
