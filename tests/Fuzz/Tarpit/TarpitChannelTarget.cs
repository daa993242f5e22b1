using Blackwall.Tarpit.HostChannel.Wire;

namespace Blackwall.Fuzz.Tarpit;

/// <summary>Messages between the tarpit's process and its host.</summary>
internal sealed class TarpitChannelTarget : IFuzzTarget
{
    public string Name => "tarpit-channel";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        new Frame(FrameKind.OriginalQuestion, 1, new FlowQuestion(1, new(0x01020304, 5), new(0x05060708, 22)).ToArray()).ToArray(),
        new Frame(FrameKind.FilePart, 2, new FilePart(new byte[32], 10, 0, new byte[10]).ToArray()).ToArray(),
        new Frame(FrameKind.OriginalAnswer, 0, new FlowAnswer(1, new(0x01020304, 5)).ToArray()).ToArray(),
        new Frame(FrameKind.DecoySend, 0, new DecoyBytes(1, "GET / HTTP/1.1"u8).ToArray()).ToArray(),
        [],
    ];

    public string? Run(ReadOnlySpan<byte> input)
    {
        if (!Frame.TryRead(input, out Frame frame))
        {
            return null;
        }

        if (!new Frame(frame.Kind, frame.Session, frame.Payload).ToArray().AsSpan().SequenceEqual(input))
        {
            return "a frame is not written as it was read";
        }

        if (FlowQuestion.TryRead(frame.Payload) is { } question && FlowQuestion.TryRead(question.ToArray()) != question)
        {
            return "a question is not read as it was written";
        }

        if (DecoyBytes.TryRead(frame.Payload, out DecoyBytes decoy) && !decoy.ToArray().AsSpan().SequenceEqual(frame.Payload))
        {
            return "bytes of a decoy are not written as they were read";
        }

        _ = FlowAnswer.TryRead(frame.Payload);
        return FilePart.TryRead(frame.Payload, out FilePart part) && part.Offset + part.Bytes.Length > part.Length ? "a part reaches beyond its file" : null;
    }
}
