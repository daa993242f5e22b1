namespace Blackwall.Bridges.Setup;

/// <summary>An interface of this machine, as far as it matters for a guard.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Addresses">What it is called from outside.</param>
/// <param name="Driver">Name of its driver; null: none is known.</param>
/// <param name="Native">Whether its driver runs XDP programs itself.</param>
/// <param name="HasDefaultRoute">Whether it leads outside.</param>
/// <param name="Refusal">Why it cannot be guarded; null: it can.</param>
internal sealed record FoundInterface(string Name, IReadOnlyList<string> Addresses, string? Driver, bool Native, bool HasDefaultRoute, string? Refusal)
{
    /// <summary>"eth0: 192.0.2.10, driver virtio_net, native XDP".</summary>
    public string Describe()
    {
        string addresses = Addresses.Count == 0 ? "no address" : string.Join(", ", Addresses);
        string xdp = Native ? "native XDP" : "generic XDP (its driver is not known to run XDP itself)";
        return $"{Name}: {addresses}, {(Driver is null ? "no driver known" : $"driver {Driver}")}, {xdp}{(HasDefaultRoute ? ", leads outside" : "")}";
    }
}
