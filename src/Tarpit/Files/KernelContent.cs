using System.Text;

namespace Blackwall.Tarpit.Files;

/// <summary>What the kernel shows below /proc and /sys: made each time it is read. Its size shows as 0 there, and nobody can replace it.</summary>
/// <param name="write">Takes what is written to it; null: nothing can be.</param>
internal sealed class KernelContent(Func<string> make, Action<string>? write = null, long size = 0) : IFileContent
{
    public long Size => size;

    public bool IsWritable => write is not null;

    public byte[] Read() => Encoding.UTF8.GetBytes(make());

    public void Write(byte[] content) => write?.Invoke(Encoding.UTF8.GetString(content));
}
