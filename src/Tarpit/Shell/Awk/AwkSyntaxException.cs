namespace Blackwall.Tarpit.Shell.Awk;

/// <summary>A program that is no awk program, told as mawk does.</summary>
internal sealed class AwkSyntaxException(int line, string near) : Exception($"awk: line {line}: syntax error at or near {near}");
