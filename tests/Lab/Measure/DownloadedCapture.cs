using System.Net;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Measure;

/// <summary>A capture of the appliance as tcpdump reads it.</summary>
/// <param name="File">pcapng.</param>
public sealed record DownloadedCapture(string File)
{
    /// <summary>Packets that match a filter in tcpdump's language; empty: all.</summary>
    /// <exception cref="ToolFailedException">tcpdump cannot read the file.</exception>
    public async Task<int> CountAsync(string filter = "")
    {
        var text = await Tool.RunAsync(["tcpdump", "-n", "-r", File, .. filter.Length == 0 ? Array.Empty<string>() : [filter]]);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(line => !line.StartsWith("reading ", StringComparison.Ordinal));
    }

    /// <summary>All packets, as tshark counts them.</summary>
    /// <exception cref="ToolFailedException">tshark cannot read the file.</exception>
    public async Task<int> CountWithTsharkAsync()
    {
        var text = await Tool.RunAsync(["tshark", "-n", "-r", File, "-T", "fields", "-e", "frame.number"]);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
    }

    /// <summary>Packets that neither come from an address nor go to it.</summary>
    public Task<int> CountStrangersAsync(IPAddress address) => CountAsync($"not host {address}");

    /// <summary>Whether a comment of the file holds this text.</summary>
    public async Task<bool> SaysAsync(string text) => System.Text.Encoding.UTF8.GetString(await System.IO.File.ReadAllBytesAsync(File)).Contains(text, StringComparison.Ordinal);
}
