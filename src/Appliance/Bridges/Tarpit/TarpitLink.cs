using System.Net.Sockets;
using System.Text.Json;
using Blackwall.Bridges.Tarpit.Improvisation;
using Blackwall.Kernel;
using Blackwall.Pipeline.Model;
using Blackwall.Sessions;
using Blackwall.Tarpit.HostChannel;
using Blackwall.Tarpit.HostChannel.Wire;

namespace Blackwall.Bridges.Tarpit;

/// <summary>
/// The host's end of the channel to the tarpit. The other end is taken to be hostile: messages are of bounded length, known kind and version, come no
/// faster than a rate, and can ask for nothing but what one of its own flows wanted.
/// </summary>
internal sealed class TarpitLink(Socket channel, IWall wall, SessionArchive archive, TarpitTranslator translator, TimeProvider time, long largestFile, System.Net.IPEndPoint? decoy = null, ImprovisationDesk? improvisations = null) : IDisposable
{
    private const int MessagesPerSecond = 20_000;
    private const int MostFiles = 64;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, (byte[] Content, int Length)> _files = new(StringComparer.Ordinal);
    private readonly DecoyBroker _decoys = new(decoy, async (message, cancellation) => await channel.SendAsync(message, SocketFlags.None, cancellation));
    private readonly ImprovisationBroker _improvisations = new(improvisations, async (message, cancellation) => await channel.SendAsync(message, SocketFlags.None, cancellation));
    private long _fileBytes;

    /// <summary>Keeps what visitors left; null: nobody does.</summary>
    public VisitorChannel? Visitors { get; init; }

    /// <summary>Takes answers to datagrams; null: there are none.</summary>
    public TarpitDatagrams? Datagrams { get; init; }

    public ChannelCounters Counters { get; private set; } = new(0, 0, 0);

    /// <summary>Malformed or unusable messages.</summary>
    public long Rejected { get; private set; }

    /// <summary>The process serves.</summary>
    public bool IsReady { get; private set; }

    public async Task StartAsync(ChannelStart start, CancellationToken cancellation) => await channel.SendAsync(
        new Frame(FrameKind.Configure, 0, JsonSerializer.SerializeToUtf8Bytes(start, ChannelJson.Default.ChannelStart)).ToArray(), SocketFlags.None, cancellation);

    /// <summary>Reads until the process ends or sends what is no message.</summary>
    /// <returns>False: it sent what is no message.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        byte[] buffer = new byte[Frame.HeadLength + Frame.LargestPayload + 1];
        long windowStart = time.GetTimestamp();
        int inWindow = 0;
        while (true)
        {
            int length = await channel.ReceiveAsync(buffer, SocketFlags.None, cancellation);
            if (length == 0)
            {
                return true;
            }

            if (++inWindow > MessagesPerSecond)
            {
                TimeSpan left = Second - time.GetElapsedTime(windowStart);
                if (left > TimeSpan.Zero)
                {
                    await Task.Delay(left, time, cancellation);
                }

                (windowStart, inWindow) = (time.GetTimestamp(), 0);
            }
            else if (time.GetElapsedTime(windowStart) > Second)
            {
                (windowStart, inWindow) = (time.GetTimestamp(), 1);
            }

            if (Handle(buffer.AsSpan(0, length), cancellation) is not { } answer)
            {
                return false;
            }

            if (answer.Length > 0)
            {
                await channel.SendAsync(answer, SocketFlags.None, cancellation);
            }
        }
    }

    /// <summary>Ends what was connected for it.</summary>
    public void Dispose()
    {
        _decoys.Dispose();
        _improvisations.Dispose();
    }

    // The answer, or nothing; null: the message is malformed.
    private byte[]? Handle(ReadOnlySpan<byte> message, CancellationToken cancellation)
    {
        // Kinds below Ready are the host's own: the other side has no reason to send one.
        if (!Frame.TryRead(message, out Frame frame) || frame.Kind < FrameKind.Ready)
        {
            Rejected++;
            return null;
        }

        string session = frame.Session.ToString("x12", System.Globalization.CultureInfo.InvariantCulture);
        switch (frame.Kind)
        {
            case FrameKind.Ready:
                IsReady = true;
                break;
            case FrameKind.OriginalQuestion when FlowQuestion.TryRead(frame.Payload) is { } question:
                return new Frame(FrameKind.OriginalAnswer, 0, Answer(question).ToArray()).ToArray();
            case FrameKind.Observation:
                Rejected += TryObserve(session, frame.Payload) ? 0 : 1;
                break;
            case FrameKind.Output or FrameKind.Input:
                archive.RecordTerminal(session, frame.Kind == FrameKind.Input, frame.Payload.ToArray());
                break;
            case FrameKind.FilePart:
                Rejected += TryAddPart(session, frame.Payload) ? 0 : 1;
                break;
            case FrameKind.Counters:
                Counters = Parse(frame.Payload, ChannelJson.Default.ChannelCounters) ?? Counters;
                break;
            case FrameKind.DatagramAnswer:
                Rejected += Datagrams?.Answer(frame.Payload) == true ? 0 : 1;
                break;
            case FrameKind.DecoyOpen or FrameKind.DecoySend or FrameKind.DecoyClose:
                Rejected += _decoys.Handle(frame.Kind, frame.Payload) ? 0 : 1;
                break;
            case FrameKind.ImprovisationAsk or FrameKind.ImprovisationEnd:
                Rejected += _improvisations.Handle(frame.Kind, frame.Payload) ? 0 : 1;
                break;
            case FrameKind.VisitorPart:
                Rejected += Visitors?.TryAdd(frame.Payload) == true ? 0 : 1;
                break;
            case FrameKind.VisitorQuestion:
                Rejected += Visitors?.TryAnswer(frame.Payload, cancellation) == true ? 0 : 1;
                break;
            default:
                Rejected++;
                break;
        }

        return [];
    }

    private FlowAnswer Answer(FlowQuestion question) =>
        wall.TryReadDiverted(Address.From(question.Remote.Address), (ushort)question.Remote.Port, Address.From(question.Local.Address), (ushort)question.Local.Port, out Address destination, out ushort port)
            ? new FlowAnswer(question.Number, new System.Net.IPEndPoint(destination.ToIPAddress(), port))
            : new FlowAnswer(question.Number, null);

    private bool TryObserve(string session, ReadOnlySpan<byte> payload) =>
        Parse(payload, ChannelJson.Default.Observation) is { Kind: not null } observed && translator.Translate(session, observed);

    private bool TryAddPart(string session, ReadOnlySpan<byte> payload)
    {
        if (!FilePart.TryRead(payload, out FilePart part) || part.Length > largestFile)
        {
            return false;
        }

        string hash = Convert.ToHexStringLower(part.Hash);
        if (!_files.TryGetValue(hash, out (byte[] Content, int Length) file))
        {
            // Few files are received at a time; when there are too many, or one is never completed, all are dropped.
            if (_files.Count >= MostFiles || _fileBytes + part.Length > largestFile * 4)
            {
                _files.Clear();
                _fileBytes = 0;
            }

            file = (new byte[part.Length], 0);
            _fileBytes += part.Length;
        }

        if (part.Length != file.Content.Length || part.Offset != file.Length)
        {
            return false;
        }

        part.Bytes.CopyTo(file.Content.AsSpan(file.Length));
        file.Length += part.Bytes.Length;
        if (file.Length < file.Content.Length)
        {
            _files[hash] = file;
            return true;
        }

        _files.Remove(hash);
        _fileBytes = Math.Max(0, _fileBytes - file.Content.Length);
        archive.SaveFile(session, hash, file.Content);
        return true;
    }

    private static T? Parse<T>(ReadOnlySpan<byte> payload, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(payload, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
