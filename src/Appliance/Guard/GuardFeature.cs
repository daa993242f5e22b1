using Blackwall.Config;
using Blackwall.Composition;

namespace Blackwall.Guard;

/// <summary>What nothing automatic may touch: own addresses, gateways, resolvers, administrators.</summary>
internal sealed class GuardFeature : IFeature
{
    public string Name => "guard";

    public StartPhase Phase => StartPhase.Guard;

    public IReadOnlyList<IConfigSection> Sections => [.. GuardMemoryOptions.Declare()];

    public void AddServices(IServiceCollection services, ApplianceConfig config) => services.AddGuard();
}
