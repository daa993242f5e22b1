namespace Blackwall.Health;

/// <summary>What ails the parts of the appliance, in the log; ids 3500..3599.</summary>
internal static partial class HealthLog
{
    [LoggerMessage(3500, LogLevel.Error, "{Part} has a fault: {Fault}")]
    public static partial void Fault(ILogger logger, string part, string fault);

    [LoggerMessage(3501, LogLevel.Information, "{Part} is well again")]
    public static partial void Well(ILogger logger, string part);
}
