using System.Net;
using System.Text;
using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.Visiting;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Tests.Shell;

/// <summary>Runs scripts in the shell itself, each as a visitor of its own, without SSH.</summary>
internal sealed class ScriptRun
{
    private readonly Visitors _visitors = new(new Machine(new byte[32], DateTimeOffset.UnixEpoch.AddYears(56), TimeProvider.System), new TarpitSettings { DelayScale = 0 });
    private int _run;

    /// <summary>What a script prints and how it ends, in an empty folder.</summary>
    public Task<(byte[] Output, string Errors, int ExitCode)> RunAsync(string script) => RunAsync(script, "export LC_ALL=C.UTF-8; rm -rf /tmp/*; mkdir -p /tmp/w; cd /tmp/w; ");

    public async Task<(byte[] Output, string Errors, int ExitCode)> RunAsync(string script, string preamble)
    {
        int run = Interlocked.Increment(ref _run);
        IHost host = _visitors.LogIn(new IPEndPoint(new IPAddress([10, 9, (byte)(run >> 8), (byte)run]), 1), new IPEndPoint(IPAddress.Loopback, 22), "root");
        using MemoryIo io = new();
        using CancellationTokenSource end = new(TimeSpan.FromSeconds(60));
        ExitStatus status = await host.ExecuteAsync(preamble + script, io, new MemoryRecorder().BeginSession(), end.Token);
        return (io.Output.ToArray(), Encoding.UTF8.GetString(io.Errors.ToArray()), status.Code);
    }
}
