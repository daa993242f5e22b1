namespace Blackwall.Kernel.Abi;

/// <summary>What is known of the flow that an event is about; <c>enum bw_fact</c> in bpf/abi.h. Nothing of it follows from other flows of the address.</summary>
[Flags]
public enum Facts : uint
{
    None = 0,

    /// <summary>Seen from its SYN on, and the remote sent back a number that our side chose.</summary>
    Verified = 1,

    /// <summary>The packet fits the flow: sequence, acknowledgement, checksum.</summary>
    InWindow = 2,

    /// <summary>Our side acknowledged payload of the remote.</summary>
    Acknowledged = 4,

    /// <summary>Its beginning or one half of it was not seen: never evidence.</summary>
    MidStream = 8,

    /// <summary>The remote spoke HTTP, or our side answered so: a page can make a browser do that at any port.</summary>
    Http = 16,

    /// <summary>A ClientHello of the remote was seen.</summary>
    Tls = 32,
}
