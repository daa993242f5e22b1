using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Channels;
using Blackwall.Tarpit.HostChannel.Wire;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.HostChannel;

/// <summary>
/// The tarpit's end of the channel to its host: records go out by a bounded queue, questions about flows are answered. What finds no place in the
/// queue is lost and counted; nobody waits for it.
/// </summary>
internal sealed class HostLink(Socket socket, TimeProvider time, long largestFile) : IRecorder, IOriginalDestinations
{
    private const int MostQueued = 8192;
    private const int LongestText = 8 * 1024;
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);

    private readonly Channel<byte[]> _queue = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MostQueued) { SingleReader = true });
    private readonly ConcurrentDictionary<uint, TaskCompletionSource<IPEndPoint?>> _questions = new();
    private long _lost;
    private uint _number;

    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Connections to the operator's decoy.</summary>
    public DecoyConnections Decoys => field ??= new DecoyConnections((kind, payload, cancellation) => _queue.Writer.WriteAsync(new Frame(kind, 0, payload).ToArray(), cancellation));

    /// <summary>Questions to a model.</summary>
    public Improvisations Improvisations => field ??= new Improvisations((kind, payload) => _queue.Writer.TryWrite(new Frame(kind, 0, payload).ToArray()));

    /// <summary>What visitors left, as the host keeps it.</summary>
    public HostVisitorStore Visitors => field ??= new HostVisitorStore((kind, payload) => Send(kind, 0, payload), time);

    /// <summary>The first message: settings and identity.</summary>
    public static async Task<ChannelStart?> ReadStartAsync(Socket socket, CancellationToken cancellation)
    {
        byte[] buffer = new byte[Frame.HeadLength + Frame.LargestPayload];
        int length = await socket.ReceiveAsync(buffer, cancellation);
        return Frame.TryRead(buffer.AsSpan(0, length), out Frame frame) && frame.Kind == FrameKind.Configure
            ? JsonSerializer.Deserialize(frame.Payload, ChannelJson.Default.ChannelStart)
            : null;
    }

    /// <summary>Sends and receives until the host is gone.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task sending = SendAsync(end.Token);
        try
        {
            byte[] buffer = new byte[Frame.HeadLength + Frame.LargestPayload];
            int length;
            while ((length = await socket.ReceiveAsync(buffer, end.Token)) > 0)
            {
                Receive(buffer.AsSpan(0, length));
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The host is gone.
        }

        await end.CancelAsync();
        await sending;
    }

    /// <summary>Answers datagrams that came to the host; null: nobody does.</summary>
    public IDatagramService? Datagrams { get; set; }

    private void Receive(ReadOnlySpan<byte> message)
    {
        if (!Frame.TryRead(message, out Frame frame))
        {
            return;
        }

        if (frame.Kind == FrameKind.VisitorKeys)
        {
            Visitors.AddKeys(frame.Payload);
        }
        else if (frame.Kind == FrameKind.VisitorAnswer)
        {
            Visitors.Receive(frame.Payload);
        }
        else if (frame.Kind is FrameKind.DecoyReceived or FrameKind.DecoyEnded)
        {
            Decoys.Handle(frame.Kind, frame.Payload);
        }
        else if (frame.Kind == FrameKind.ImprovisationPart)
        {
            Improvisations.Handle(frame.Payload);
        }
        else if (frame.Kind == FrameKind.OriginalAnswer && FlowAnswer.TryRead(frame.Payload) is { } answer && _questions.TryRemove(answer.Number, out TaskCompletionSource<IPEndPoint?>? question))
        {
            question.TrySetResult(answer.Destination);
        }
        else if (frame.Kind == FrameKind.DatagramReceived && Datagram.TryRead(frame.Payload, out Datagram datagram)
            && Datagrams?.Answer(datagram.Payload, datagram.Remote, datagram.Local) is { } payload)
        {
            Send(FrameKind.DatagramAnswer, 0, new Datagram(datagram.Number, datagram.Remote, datagram.Local, payload).ToArray());
        }
    }

    public void Send(FrameKind kind, long session, ReadOnlySpan<byte> payload)
    {
        if (!_queue.Writer.TryWrite(new Frame(kind, session, payload).ToArray()))
        {
            Interlocked.Increment(ref _lost);
        }
    }

    public ISessionLog BeginSession() => new Log(this);

    public async ValueTask<IPEndPoint?> FindAsync(IPEndPoint remote, IPEndPoint local, CancellationToken cancellation)
    {
        uint number = Interlocked.Increment(ref _number);
        TaskCompletionSource<IPEndPoint?> question = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _questions[number] = question;
        Send(FrameKind.OriginalQuestion, 0, new FlowQuestion(number, remote, local).ToArray());
        try
        {
            return await question.Task.WaitAsync(AnswerLimit, time, cancellation);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            _questions.TryRemove(number, out _);
        }
    }

    private async Task SendAsync(CancellationToken cancellation)
    {
        try
        {
            await foreach (byte[] message in _queue.Reader.ReadAllAsync(cancellation))
            {
                await socket.SendAsync(message, SocketFlags.None, cancellation);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The host is gone.
        }
    }

    private static string? Cut(string? text) => text is null || text.Length <= LongestText ? text : text[..LongestText];

    private sealed class Log(HostLink link) : ISessionLog
    {
        private const int FilesOfSession = 5;

        private long _kept;
        private readonly long _session = BitConverter.ToInt64(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)) & ((1L << 48) - 1);

        public string Id => _session.ToString("x12", System.Globalization.CultureInfo.InvariantCulture);

        public void Record(Observation observation)
        {
            // Whatever the peer sent, a message holds it.
            Observation bounded = observation with
            {
                Text = Cut(observation.Text),
                Name = Cut(observation.Name),
                Value = Cut(observation.Value),
                User = Cut(observation.User)?[..Math.Min(observation.User!.Length, 512)],
                Secret = Cut(observation.Secret)?[..Math.Min(observation.Secret!.Length, 1024)],
                Host = Cut(observation.Host)?[..Math.Min(observation.Host!.Length, 512)],
            };
            byte[] payload = JsonSerializer.SerializeToUtf8Bytes(bounded, ChannelJson.Default.Observation);
            if (payload.Length <= Frame.LargestPayload)
            {
                link.Send(FrameKind.Observation, _session, payload);
            }
            else
            {
                // Escapes made it larger: what it says is cut once more.
                link.Send(FrameKind.Observation, _session, JsonSerializer.SerializeToUtf8Bytes(new Observation(bounded.Kind) { Text = bounded.Text?[..Math.Min(bounded.Text.Length, 1024)], User = bounded.User }, ChannelJson.Default.Observation));
            }
        }

        public void RecordTerminal(bool isInput, ReadOnlySpan<byte> bytes)
        {
            for (; !bytes.IsEmpty; bytes = bytes[Math.Min(bytes.Length, Frame.LargestPayload)..])
            {
                link.Send(isInput ? FrameKind.Input : FrameKind.Output, _session, bytes[..Math.Min(bytes.Length, Frame.LargestPayload)]);
            }
        }

        public string SaveFile(string name, ReadOnlySpan<byte> content)
        {
            byte[] hash = System.Security.Cryptography.SHA256.HashData(content);
            if (content.Length <= link.LargestFile && Interlocked.Add(ref _kept, content.Length + FilePart.LargestPart) <= link.LargestFile * FilesOfSession)
            {
                int offset = 0;
                do
                {
                    int length = Math.Min(content.Length - offset, FilePart.LargestPart);
                    link.Send(FrameKind.FilePart, _session, new FilePart(hash, content.Length, offset, content.Slice(offset, length)).ToArray());
                    offset += length;
                }
                while (offset < content.Length);
            }

            return Convert.ToHexStringLower(hash);
        }
    }

    private long LargestFile => largestFile;
}
