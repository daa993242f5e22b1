using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Blackwall.Tarpit.HostChannel.Wire;
using Blackwall.Tarpit.Improvisation;
using Blackwall.Tarpit.Improvisation.Wire;

namespace Blackwall.Tarpit.HostChannel;

/// <summary>Questions to a model that the host asks: the tarpit says what is asked and cannot say whom.</summary>
/// <param name="send">Sends a message to the host; false: there is no place for it.</param>
internal sealed class Improvisations(Func<FrameKind, byte[], bool> send) : IImprovisationSource
{
    private const int MostOpen = 32;
    private const int MostPieces = 256;

    private readonly ConcurrentDictionary<uint, Channel<byte[]>> _open = new();
    private uint _number;

    public async IAsyncEnumerable<string> AskAsync(ImprovisationQuestion question, [EnumeratorCancellation] CancellationToken cancellation)
    {
        uint number = Interlocked.Increment(ref _number);
        Channel<byte[]> pieces = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MostPieces) { SingleReader = true });
        byte[] text = JsonSerializer.SerializeToUtf8Bytes(question, ChannelJson.Default.ImprovisationQuestion);
        if (_open.Count >= MostOpen || text.Length > ImprovisationAsk.LargestQuestion || !_open.TryAdd(number, pieces))
        {
            throw new IOException("too much is asked");
        }

        bool isOver = false;
        try
        {
            if (!send(FrameKind.ImprovisationAsk, new ImprovisationAsk(number, text).ToArray()))
            {
                throw new IOException("the channel is full");
            }

            Decoder decoder = Encoding.UTF8.GetDecoder();
            await foreach (byte[] piece in pieces.Reader.ReadAllAsync(cancellation))
            {
                char[] letters = new char[Encoding.UTF8.GetMaxCharCount(piece.Length)];
                yield return new string(letters, 0, decoder.GetChars(piece, letters, flush: false));
            }

            isOver = true;
        }
        finally
        {
            _open.TryRemove(number, out _);
            if (!isOver)
            {
                send(FrameKind.ImprovisationEnd, new ImprovisationAsk(number, []).ToArray());
            }
        }
    }

    /// <summary>A message of the host about one of them.</summary>
    public void Handle(ReadOnlySpan<byte> payload)
    {
        if (!ImprovisationPart.TryRead(payload, out ImprovisationPart part) || !_open.TryGetValue(part.Number, out Channel<byte[]>? pieces))
        {
            return;
        }

        bool isTaken = part.Text.IsEmpty || pieces.Writer.TryWrite(part.Text.ToArray());
        if (part.State is ImprovisationState.Failed || !isTaken)
        {
            pieces.Writer.TryComplete(new IOException("there is no answer"));
        }
        else if (part.State is ImprovisationState.Whole)
        {
            pieces.Writer.TryComplete();
        }
    }
}
