using System.Net;
using System.Text;
using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.Visiting;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Tests.World;

/// <summary>Runs commands on the machine of the tarpit without a network: each instance is one visitor. All share one base tree.</summary>
internal sealed class VirtualHost
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private static readonly Lazy<Visitors> s_shared = new(() => new Visitors(NewMachine(7), Quick!));
    private static int s_number;

    private readonly Visitors _visitors;
    private readonly IPEndPoint _remote;

    public VirtualHost(Visitors? visitors = null, IPAddress? from = null)
    {
        _visitors = visitors ?? s_shared.Value;
        int number = Interlocked.Increment(ref s_number);
        _remote = new IPEndPoint(from ?? new IPAddress([203, 0, (byte)(number >> 8), (byte)number]), 40_000 + (number % 20_000));
    }

    public static TarpitSettings Quick { get; } = new() { AcceptAttempt = 1, DelayScale = 0 };

    public static Machine NewMachine(byte seed, TimeProvider? time = null) => new([.. Enumerable.Repeat(seed, 32)], new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), time ?? TimeProvider.System);

    public IPAddress From => _remote.Address;

    public MemoryRecorder Records { get; } = new();

    /// <summary>What a command prints, errors among it, at no terminal.</summary>
    public async Task<string> RunAsync(string command, string user = "root") => (await TryAsync(command, user)).Output;

    public async Task<(string Output, int Status)> TryAsync(string command, string user = "root", Terminal? terminal = null, string input = "")
    {
        using CancellationTokenSource end = new(s_limit);
        ScriptedIo io = new(terminal, input);
        ExitStatus status = await _visitors.LogIn(_remote, new IPEndPoint(IPAddress.Parse("192.0.2.22"), 22), user).ExecuteAsync(command, io, Records.BeginSession(), end.Token);
        return (io.Text, status.Code);
    }

    /// <summary>What a terminal shows while these keys are typed.</summary>
    public async Task<string> TypeAsync(string keys, string user = "root")
    {
        using CancellationTokenSource end = new(s_limit);
        ScriptedIo io = new(new Terminal("xterm-256color", 80, 24), keys);
        await _visitors.LogIn(_remote, new IPEndPoint(IPAddress.Parse("192.0.2.22"), 22), user).ShellAsync(io, Records.BeginSession(), end.Token);
        return io.Text;
    }

    /// <summary>What a terminal shows to somebody who types each text when the one before it is shown.</summary>
    public async Task<string> TalkAsync(IReadOnlyList<(string Awaited, string Keys)> steps, string user = "root", Terminal? terminal = null)
    {
        using CancellationTokenSource end = new(s_limit);
        Dialogue io = new(terminal ?? new Terminal("dumb", 80, 24), steps);
        await _visitors.LogIn(_remote, new IPEndPoint(IPAddress.Parse("192.0.2.22"), 22), user).ShellAsync(io, Records.BeginSession(), end.Token);
        return io.Text;
    }

    private sealed class ScriptedIo(Terminal? terminal, string input) : IProgramIo
    {
        private readonly byte[] _input = Encoding.UTF8.GetBytes(input);
        private readonly System.Buffers.ArrayBufferWriter<byte> _output = new();
        private int _at;

        public Terminal? Terminal => terminal;

        public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

        public string Text => Encoding.UTF8.GetString(_output.WrittenSpan);

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
        {
            int length = Math.Min(buffer.Length, _input.Length - _at);
            _input.AsMemory(_at, length).CopyTo(buffer);
            _at += length;
            return new(length);
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
        {
            lock (_output)
            {
                System.Buffers.BuffersExtensions.Write(_output, bytes.Span);
            }

            return default;
        }

        public ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => WriteAsync(bytes, cancellation);
    }
}
