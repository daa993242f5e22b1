using Blackwall.Pipeline;
using Blackwall.Storage;

namespace Blackwall.Api.Auditing;

public static class AuditRegistration
{
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddSingleton<AuditStore>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<IStoreRider>(s => s.GetRequiredService<AuditLog>());
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<AuditLog>());
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<AuditLog>());
        return services;
    }
}
