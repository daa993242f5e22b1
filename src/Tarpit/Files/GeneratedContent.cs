using System.Text;

namespace Blackwall.Tarpit.Files;

/// <summary>Content that is generated when it is read: what the kernel shows below /proc and /sys. Its size shows as 0 there.</summary>
internal sealed class GeneratedContent(Func<string> make, long size = 0) : IFileContent
{
    public long Size => size;

    public byte[] Read() => Encoding.UTF8.GetBytes(make());
}
