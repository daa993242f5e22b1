namespace Blackwall.Tarpit.Files;

/// <summary>Content that is made when somebody reads it, always the same; its length is made once.</summary>
internal sealed class GeneratedContent(Func<byte[]> make) : IFileContent
{
    private long _size = -1;

    public long Size
    {
        get
        {
            long size = Interlocked.Read(ref _size);
            if (size < 0)
            {
                size = make().Length;
                Interlocked.Exchange(ref _size, size);
            }

            return size;
        }
    }

    public byte[] Read() => make();
}
