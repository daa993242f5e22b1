using System.Text;

namespace Blackwall.Tarpit.Files;

/// <summary>Content that is stored as bytes.</summary>
internal sealed class StoredContent(byte[] content) : IFileContent
{
    public StoredContent(string text)
        : this(Encoding.UTF8.GetBytes(text))
    {
    }

    public long Size => content.Length;

    public byte[] Read() => content;
}
