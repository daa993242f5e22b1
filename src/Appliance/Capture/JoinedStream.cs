namespace Blackwall.Capture;

/// <summary>Streams read one after the other: sections of pcapng may follow each other in one file.</summary>
internal sealed class JoinedStream(IReadOnlyList<Stream> parts) : Stream
{
    private int _current;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        while (_current < parts.Count)
        {
            int read = parts[_current].Read(buffer);
            if (read > 0 || buffer.IsEmpty)
            {
                return read;
            }

            _current++;
        }

        return 0;
    }

    public override void Flush()
    {
        // Nothing is written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (Stream part in parts)
            {
                part.Dispose();
            }
        }

        base.Dispose(disposing);
    }
}
