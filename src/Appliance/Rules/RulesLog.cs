namespace Blackwall.Rules;

internal static partial class RulesLog
{
    [LoggerMessage(2200, LogLevel.Information, "Configured rules: {Allowed} allowed, {Blocked} blocked, {Refused} not in force")]
    public static partial void Applied(ILogger log, int allowed, int blocked, int refused);

    [LoggerMessage(2201, LogLevel.Error, "The configured rule {Rule} is not in force: {Why}")]
    public static partial void Refused(ILogger log, string rule, string why);
}
