namespace Blackwall.Api.Settings;

/// <summary>What reloads tell the log; ids 3300..3399.</summary>
internal static partial class SettingsLog
{
    [LoggerMessage(3300, LogLevel.Information, "The configuration was read again; settings that changed: {Changed}")]
    public static partial void Reloaded(ILogger logger, string changed);

    [LoggerMessage(3301, LogLevel.Warning, "These settings changed and need 'blackwall handover' or a restart: {Waiting}")]
    public static partial void Waiting(ILogger logger, string waiting);

    [LoggerMessage(3302, LogLevel.Error, "The configuration was read again and has errors, so nothing was changed: {Errors}")]
    public static partial void Refused(ILogger logger, string errors);

    [LoggerMessage(3303, LogLevel.Error, "Not everything was taken up: {Fault}")]
    public static partial void Fault(ILogger logger, string fault);
}
