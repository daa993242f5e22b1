namespace Blackwall.Tarpit.Tests.World;

/// <summary>The ports that the tarpit serves: of each service the usual one, and all of the web.</summary>
internal static class RunningPorts
{
    public static async Task<IReadOnlyList<int>> ReadAsync()
    {
        await using RunningTarpit tarpit = new();
        return [22, 443, 8000, 8080, 8443, 8888, .. tarpit.Runtime.Ports.Select(ports => (int)ports[0])];
    }
}
