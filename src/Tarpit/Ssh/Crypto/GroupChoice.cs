namespace Blackwall.Tarpit.Ssh.Crypto;

/// <summary>A group that was chosen for the sizes that the client asked for (RFC 4419), in bits.</summary>
internal sealed record GroupChoice(uint Min, uint Wanted, uint Max, DhGroup Group)
{
    private const int Smallest = 2048;
    private const int Largest = 8192;

    /// <summary>As OpenSSH chooses; null: the sizes are out of range.</summary>
    public static GroupChoice? TryChoose(uint min, uint wanted, uint max)
    {
        uint least = Math.Max(min, Smallest), most = Math.Min(max, Largest);
        uint asked = Math.Max(Math.Min(wanted, Largest), Smallest);
        return most < least || asked < least || most < asked ? null : new GroupChoice(min, wanted, max, DhGroup.Choose((int)least, (int)asked, (int)most));
    }
}
