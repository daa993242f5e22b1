namespace Blackwall.Kernel.Abi;

/// <summary>How a challenge leaves; <c>enum bw_answers</c> in bpf/abi.h.</summary>
public enum Answers : ushort
{
    /// <summary>From the XDP program.</summary>
    Xdp = 0,

    /// <summary>From a tc program on ingress: a veth takes frames from XDP only while its peer has a program or GRO.</summary>
    Tc = 1,
}
