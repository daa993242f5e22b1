using Blackwall.Kernel.Abi;

namespace Blackwall.Kernel.Links;

/// <summary>What an interface means for checksums and answers.</summary>
internal static class LinkTraits
{
    // Paravirtual cards hand on frames of neighbours on the same host as those left them: the sum is the last device's to compute.
    private static readonly string[] s_paravirtual = ["virtio_net", "vif", "xen_netfront", "hv_netvsc", "vmxnet3"];

    /// <summary>
    /// How challenges leave: XDP in native mode cannot know whether the other end of a veth takes what it sends. In generic mode they leave as
    /// any packet does.
    /// </summary>
    public static Answers AnswersOf(LinkInfo? link, XdpMode mode) => link?.Kind is "veth" && mode != XdpMode.Generic ? Answers.Tc : Answers.Xdp;

    /// <summary>Which TCP checksums are right. Only a card of its own has seen every frame on a wire.</summary>
    /// <param name="link">The interface; null: nothing is known of it.</param>
    /// <param name="driver">Name of its driver; null: none is known.</param>
    public static Checksums ChecksumsOf(LinkInfo? link, string? driver) =>
        link is { Kind: "" } && driver is not null && !s_paravirtual.Contains(driver, StringComparer.Ordinal) ? Checksums.Whole : Checksums.Partial;

    /// <summary>Name of the driver of a device; null: it has none, or /sys does not show it.</summary>
    public static string? DriverOf(string name)
    {
        try
        {
            return Path.GetFileName(Directory.ResolveLinkTarget($"/sys/class/net/{name}/device/driver", returnFinalTarget: true)?.FullName);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
