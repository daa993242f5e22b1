namespace Blackwall.Tarpit.Files;

/// <summary>Permission bits, for a user whose only group is his own.</summary>
internal static class Access
{
    public static bool MayWrite(Node node, int user) => user == 0 || ((node.User == user ? node.Mode >> 6 : node.Group == user ? node.Mode >> 3 : node.Mode) & 2) != 0;

    public static bool MayRead(Node node, int user) => user == 0 || ((node.User == user ? node.Mode >> 6 : node.Group == user ? node.Mode >> 3 : node.Mode) & 4) != 0;

    public static bool MayExecute(Node node, int user) => user == 0 ? (node.Mode & 0x49) != 0 : ((node.User == user ? node.Mode >> 6 : node.Group == user ? node.Mode >> 3 : node.Mode) & 1) != 0;
}
