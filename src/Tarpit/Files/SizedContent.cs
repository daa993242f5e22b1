namespace Blackwall.Tarpit.Files;

/// <summary>Content of a known length that is made when it is read.</summary>
internal sealed class SizedContent(Func<byte[]> make, long size) : IFileContent
{
    public long Size => size;

    public byte[] Read() => make();
}
