namespace Blackwall.Events;

internal static class EventReaderRegistration
{
    /// <summary>Has a reader follow the event log from the start of the appliance on.</summary>
    public static IServiceCollection AddEventReader<T>(this IServiceCollection services)
        where T : class, IEventReader
    {
        services.AddSingleton<T>();
        return services.AddSingleton<IEventReader>(s => s.GetRequiredService<T>());
    }
}
