using Blackwall.Pipeline;
using Microsoft.Extensions.Options;

namespace Blackwall.Inspection;

public static class InspectionRegistration
{
    /// <summary>Holds requests against the rules. Needs a <see cref="BootClock"/>.</summary>
    public static IServiceCollection AddInspection(this IServiceCollection services)
    {
        services.AddSingleton(s => new InspectionStage(s.GetRequiredService<IOptions<InspectionOptions>>().Value, s.GetRequiredService<BootClock>()));
        services.AddSingleton<IStage>(s => s.GetRequiredService<InspectionStage>());
        services.AddSingleton<IStatsSource, InspectionCounters>();
        return services;
    }
}
