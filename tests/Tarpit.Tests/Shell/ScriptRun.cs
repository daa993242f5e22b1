using System.Net;
using System.Text;
using Blackwall.Tarpit.Recording;
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
    public async Task<(byte[] Output, string Errors, int ExitCode)> RunAsync(string script)
    {
        int run = Interlocked.Increment(ref _run);
        IHost host = _visitors.LogIn(new IPEndPoint(new IPAddress([10, 9, (byte)(run >> 8), (byte)run]), 1), new IPEndPoint(IPAddress.Loopback, 22), "root");
        using MemoryIo io = new();
        using CancellationTokenSource end = new(TimeSpan.FromSeconds(60));
        ExitStatus status = await host.ExecuteAsync($"export LC_ALL=C.UTF-8; mkdir -p /tmp/w; cd /tmp/w; {script}", io, new NoLog(), end.Token);
        return (io.Output.ToArray(), Encoding.UTF8.GetString(io.Errors.ToArray()), status.Code);
    }

    private sealed class MemoryIo : IProgramIo, IDisposable
    {
        private const int Most = 4 << 20;

        public MemoryStream Output { get; } = new();

        public MemoryStream Errors { get; } = new();

        public Terminal? Terminal => null;

        public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation) => new(0);

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => Append(Output, bytes, cancellation);

        public ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => Append(Errors, bytes, cancellation);

        public void Dispose()
        {
            Output.Dispose();
            Errors.Dispose();
        }

        private static ValueTask Append(MemoryStream stream, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
        {
            cancellation.ThrowIfCancellationRequested();
            if (stream.Length < Most)
            {
                stream.Write(bytes.Span);
            }

            return ValueTask.CompletedTask;
        }
    }

    private sealed class NoLog : ISessionLog
    {
        public string Id => "000000000000";

        public void Record(Observation observation)
        {
            // Nobody reads it.
        }

        public void RecordTerminal(bool isInput, ReadOnlySpan<byte> bytes)
        {
            // Nobody looks at it.
        }

        public string SaveFile(string name, ReadOnlySpan<byte> content) => "";
    }
}
