namespace Blackwall.Tarpit.Shell.Remote;

/// <summary>What is wrong with a URL.</summary>
internal enum UrlFault
{
    None,
    NoHost,
    Port,
    Bracket,
}
