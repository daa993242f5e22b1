using System.Text;
using Blackwall.Tarpit.Banners.Wire;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Sessions;

namespace Blackwall.Tarpit.Banners;

/// <summary>A telnet connection as the terminal of a program. One reader at a time.</summary>
internal sealed class TelnetStream(Peer peer, ISessionLog log, Action alive) : IProgramIo
{
    private const byte Iac = 255;
    private const int LargestPiece = 1024;

    private readonly TelnetDecoder _decoder = new();
    private readonly Queue<byte> _input = new();
    private bool _isTerminal;

    public Terminal? Terminal => _isTerminal ? new Terminal(Name, Size(_decoder.Columns, 80), Size(_decoder.Rows, 24)) : null;

    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    private string Name => _decoder.Terminal is { Length: > 0 and <= 32 } name ? name : "linux";

    /// <summary>A program runs at it from here on, and both sides are recorded.</summary>
    public void BeginTerminal()
    {
        _isTerminal = true;
        log.Record(new Observation(ObservationKinds.Terminal) { Name = Name, Columns = Terminal!.Columns, Rows = Terminal.Rows });
    }

    public ValueTask SendAsync(byte[] bytes, CancellationToken cancellation) => peer.WriteAsync(bytes, cancellation);

    public ValueTask WriteTextAsync(string text, CancellationToken cancellation) => WriteAsync(Encoding.Latin1.GetBytes(text), cancellation);

    /// <summary>Waits a moment for a client that negotiates; one that says nothing is served too.</summary>
    public async ValueTask WaitForNegotiationAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = new(patience, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            while (!_decoder.Negotiates && _input.Count == 0 && await FillAsync(both.Token))
            {
                // Until it says something.
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // A raw connection, or a slow one.
        }
    }

    /// <summary>A line that is typed, without its end. Null: the peer ended, or sent ^D.</summary>
    public async ValueTask<string?> ReadLineAsync(int longest, bool echo, CancellationToken cancellation)
    {
        StringBuilder line = new();
        while (true)
        {
            if (_input.Count == 0 && !await FillAsync(cancellation))
            {
                return null;
            }

            if (!_input.TryDequeue(out byte key))
            {
                continue;
            }

            switch (key)
            {
                case (byte)'\r':
                    if (echo)
                    {
                        await WriteTextAsync("\r\n", cancellation);
                    }

                    return Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(line.ToString()));
                case 4 when line.Length == 0:
                    return null;
                case 8 or 127:
                    if (line.Length > 0)
                    {
                        line.Length--;
                        await WriteTextAsync(echo ? "\b \b" : "", cancellation);
                    }

                    break;
                case >= 32 when line.Length < longest:
                    line.Append((char)key);
                    if (echo)
                    {
                        await WriteTextAsync(((char)key).ToString(), cancellation);
                    }

                    break;
            }
        }
    }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        while (_input.Count == 0)
        {
            if (!await FillAsync(cancellation))
            {
                return 0;
            }
        }

        int length = 0;
        while (length < buffer.Length && _input.TryDequeue(out byte key))
        {
            buffer.Span[length++] = key;
        }

        log.RecordTerminal(isInput: true, buffer.Span[..length]);
        return length;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (_isTerminal)
        {
            log.RecordTerminal(isInput: false, bytes.Span);
        }

        // 255 is doubled (RFC 854).
        int marks = bytes.Span.Count(Iac);
        if (marks == 0)
        {
            return peer.WriteAsync(bytes, cancellation);
        }

        byte[] doubled = new byte[bytes.Length + marks];
        int at = 0;
        foreach (byte value in bytes.Span)
        {
            doubled[at++] = value;
            if (value == Iac)
            {
                doubled[at++] = Iac;
            }
        }

        return peer.WriteAsync(doubled, cancellation);
    }

    public ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => WriteAsync(bytes, cancellation);

    // False: the peer ended.
    private async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        await peer.WaitAsync(cancellation);
        byte[] buffer = new byte[LargestPiece];
        int got = await peer.ReadAsync(buffer, cancellation);
        if (got == 0)
        {
            return false;
        }

        alive();
        int length = _decoder.Decode(buffer.AsSpan(0, got), buffer);
        for (int i = 0; i < length; i++)
        {
            _input.Enqueue(buffer[i]);
        }

        return true;
    }

    private static int Size(int value, int otherwise) => value is > 0 and <= 4096 ? value : otherwise;
}
