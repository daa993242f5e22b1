namespace Blackwall.Tarpit.Shell.Awk;

/// <summary>A program that cannot go on, told as mawk does.</summary>
internal sealed class AwkFailureException(string message) : Exception($"awk: {message}");
