using Blackwall.Pipeline;

namespace Blackwall.Rules;

public static class RulesRegistration
{
    public static IServiceCollection AddRules(this IServiceCollection services)
    {
        services.AddSingleton<ConfiguredRules>();
        services.AddHostedService(s => s.GetRequiredService<ConfiguredRules>());
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<ConfiguredRules>());
        return services;
    }
}
