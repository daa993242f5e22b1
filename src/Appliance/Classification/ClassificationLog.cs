namespace Blackwall.Classification;

/// <summary>What classification tells the log; ids 4200..4299.</summary>
internal static partial class ClassificationLog
{
    [LoggerMessage(4200, LogLevel.Warning, "The model server at {Endpoint} is left alone for a while: {Why}")]
    public static partial void ServerFailing(ILogger logger, Uri endpoint, string why);

    [LoggerMessage(4201, LogLevel.Information, "The model server at {Endpoint} answers again")]
    public static partial void ServerBack(ILogger logger, Uri endpoint);

    [LoggerMessage(4202, LogLevel.Error, "A round of questions to the model failed; the next one follows")]
    public static partial void DeskFailed(ILogger logger, Exception failure);
}
