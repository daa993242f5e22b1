using Blackwall.Kernel.Interop;

namespace Blackwall.Kernel.Links;

/// <summary>The interfaces of this network namespace.</summary>
internal static class LinkTable
{
    private const ushort GetLink = 18, NewLink = 16; // RTM_GETLINK, RTM_NEWLINK

    /// <summary>Empty when the kernel does not tell.</summary>
    public static IReadOnlyList<LinkInfo> Read()
    {
        List<LinkInfo> links = [];
        _ = NetlinkSocket.DumpAll(GetLink, NewLink, stackalloc byte[16], message =>
        {
            if (LinkMessage.Read(message) is { } link)
            {
                links.Add(link);
            }
        });
        return links;
    }
}
