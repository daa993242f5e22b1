using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit;

/// <summary>The credentials that lie about in the machine of an installation, for whoever watches where they turn up.</summary>
public static class PlantedCredentials
{
    /// <summary>"user:password", a token as ":token".</summary>
    public static IReadOnlyList<string> List(TarpitIdentity identity, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(identity);
        BaitCredentials bait = new(new Machine(identity.Seed, identity.Installed, time));
        return [.. new[] { bait.Website, bait.Shop, bait.Administrator }.Select(login => $"{login.User}:{login.Password}"), ":" + bait.ApiToken];
    }
}
