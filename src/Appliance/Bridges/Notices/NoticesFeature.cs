using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Events;

namespace Blackwall.Bridges.Notices;

/// <summary>People are told of what the event log tells.</summary>
internal sealed class NoticesFeature : IFeature
{
    public string Name => "notices";

    public StartPhase Phase => StartPhase.Api;

    public void AddServices(IServiceCollection services, ApplianceConfig config) => services.AddEventReader<EventNotices>();
}
