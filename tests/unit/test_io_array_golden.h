// SPDX-License-Identifier: GPL-3.0-or-later
// Made by test_io_array_golden.py: zlib, then base64. Not edited by hand.
#pragma once

#include <QByteArray>

namespace precordia::test::golden {

inline QByteArray matChallenge() {
    return qUncompress(QByteArray::fromBase64(
        "AAAIM3janZD5PxOMA8fz9CAVkiT3pHiW3CFzhSeenBVCMSmzh5UtG7PFOlbmiCVyH8kx5Upz5K4Qw2MYQ2I8rXZh0WYs2tP3X/h+"
        "fnn/8nm9f3h7Ofl5OjkDLI1NAV5OfkYRkTcggPM3wlAR8JibIAACjoyMPwlwiYGEoSDhAHg0COAbhgJ4w+MA5qcBphYgMxuQuTXA"
        "3NTcatf/MalzXoq/UCO7a1d8UWyOfNMhiNqAdZ+GulR+kFqmmhokOzFPfdzx6DFDc3LyyH7Pyf0vHicn//Hj6NGj5OfmehZ6wyND"
        "nm9yh7sijokMr6HLO9LMWoPQH9cUOsnwCD+/7w4i9GvaQBEZOjoy+kMowZacq/y34OKJ2EOtcv3w4MhlUA7LbYeH9oxc+LTV/2Nt"
        "IzTeum0zhIyKfdHETK2snIB4XDIGPtVX4Y8a25szNiVmobLonBYWMhfcFT47IdF25EhWocsFgz9m7Qh8at724GaG5IhOd+ka/DPR"
        "MF2LCQuVn45Lnxex+032BuSzwtITtdYc6Cq5hBqKxEhe4QEsm6/JR3aLsF/+ld0oucyod4HFfj1uu8FG02zrdyY+vQY33wpan75C"
        "8A+ZB61IKx/VQs9NphkXqvAgslRGEwTjy7dZ+myfaN0sqMOgt8qfXgiZal4XG6Sj1XsQEyM6jDyeBqF1BbcSBI40E7e8sA2EEh0S"
        "J76N9armBMEDGcMiozco9772Ru1WdpEt/8pU+E6Ow1iXkMliOA45aPK+Lg/w9uV7VZhQ5XdvsB8qv9eBJEIwm4hAncb0s2JKephL"
        "Y0G/cUYtjEtpGc8Bo+lJNmk6R/zzmJ0p3mHoNaO2+rb19msRDbmHOzgL7XikgPM2M7b/EWTUota6v/UTgg9UYqVOYRb6bpEa4DHd"
        "OSW4gdRrVRdGOacDRjFduJ6vfXMs4vLYMJFx5/ttqIjjqwhGiJp8cizVoxUVeLOq8G5WmVrmgna06oA44c3NaC5rKc7H487eVoKr"
        "SkQQ8nnWfDRVyEUU8oX5NmHlxYuTJItVxX2572CBdxp+v6qHSGtGXQK8kcMZCRmH9mhLu8lG28RjP8Teh5VGJYUGNZjawU6oksAo"
        "7wo3VdL8m5My1Kp6hT+WYZxC6Q6arXnz/lDS29XOjhj75quixa2SLZDaNMlnRgLZrOZ0PByyGklZPE5nOicSWi2XSJUi1ZfBp4F4"
        "A1kTmwRM4skbhpxJVsvMPWGnaQI6KHR/bwRdEKbsWqEjrT79IepB5Orf3BRXtEeDHKo0mxIOmqcw54prtNhg5lLDvpIfgrn7Xz6L"
        "cpc6qqxlCkySF+3pG9/i0co/r2AvxxflmBHxIk37+B3QW5x/LvjgovY0FTMkdrmLdvKi7jUNOcS5KTXqZca68dL6LfuK+PM44K6n"
        "DM3TAA9H14fKBKreThxL5ji77WBXxbuC1eynBK2vRiqV2lOFo0Cpe/riqEjqy7ueSaOa7UPj6QM6IZtloT1mpQGD+eqsNFTtF/da"
        "Mj5EZCWMHi7MLqKEx9nTgK/M7LJ5PGkPw3pBbU+WUCy8QLsl3UUXFJ9hpe4p7sfWeo392QO0eVx2nRCNFCwLu2fvDRZ/m25gHfFR"
        "SbhMI4zkZeL+7n407uTrY1petXkqy8tiLrKHowcFExlxr3tw/jd0VLbP0zSspJ31EpR4UIcDH/t0gA5D31J6VW1wa+yrBu38aRDt"
        "tnTxtGDkzPCHv+CWIQPi2v4A3w5PPhBEDW+0o1KubV2tR7oEBa4IjT9XaoRswJI4jfcVYGKPmQ9CJd7A5YMt6IoUyUVU3pILgR+z"
        "zX6hOj9JkFqx6PIbO+fVs/fV/AHOEdrZRz4HN54+z/J05f1mUG5JEWYf8JjGbs+kS2Sa6Ju1b697MRRQ85pLvECi2W/K28XvrydR"
        "tbpHx9NYnfNF8DMktQUVRP1Sz1+OpsHXz747bHAM27lUfB+pT+51NiBTloKNZ67hcyk4unHCqWddSW7Smlxs4mNasdJ2nzjy8RRF"
        "bivzvotrxmnBkywDcASjuWOMcpc+gzNcJtdDA+3OYtNWDPXdDq407VQtW2SN30rJGhcg6kN/v1z/nckxRhwZQxU2vLeL3bHRZC0k"
        "B6cKMxC1NOV1IKTkUVEM86I3GCN+ri2ukJKfrXO+48dKrGjsrn3344GDYWXpUDgx1/Yr7PuCLxo72CZV1+J8QZfPFfgotU0/azg3"
        "2JONM8A7uq02U1yIDberkXjQFP3FecavQ2Y3fMcNH6uckDVBDH/9uufTUrkVD4vg6brJWl7dOfPQro7meJYZhe8G6Ib6rhvqQbXa"
        "PupT7bamXLzlo54Wl7s7TL0zmiiUH5BhubPJF7kYfUPbGs3ES4VIzPYsXlE2NnWKduJnzf8kcfj2gscMoNBKb0CrbV6fai/mOUHx"
        "XIuil+wab8khjs4lifpizhi0crLX8/Bu3i+Jxie7zY1vdtVPLxFfLgaQ7qiXGZ+q9pAT6laCIYvL1ftuch9CE0wY8lEFa+e/SEDt"
        "6uN1VWSZzmOCIKDwWNZsdJcL/2b8mkC1i/nh2SrZruGJKFZMUuJ644N9qh2BmNJMk4x2WpU2hgs16dwf+XAt+DiRJ/DRax9bb5Xi"
        "y7WVPBnIf7TxT0YRvLeD5CC4aJJ0amr9lTuYbsPYE1vnZKw/2ZqNhE7auIXAkDifn8InBBd2tbsCfW0+OaNAUYN9oozqTiF7tiwf"
        "diudcg3Q1hH8K9JNCOlnybJLXasL5WOOl+GqmP/ocqt3E6yEk2RvE6y2M8kflXD3Z+SfcyMSeVThrxrMd7pqxVe0ftWwx+4oxys0"
        "+v8HKk86Mw=="));
}

inline QByteArray matPlain() {
    return qUncompress(QByteArray::fromBase64(
        "AAAI0HjanZZ5TJR3GseHaxhZlhBj2nI64La1sS4icvs+T7Db2nYdrkHWpVSBAgICQwFb270YBmNIO8wQ090yl/dZSowxxhhjtsde"
        "XRURW0oppcYQY9yuta1H17rZj1k2u9m/Nkvy8r783t/xPN/rxVZUsaZolTX7h8ustqKKpY3NrQ3W0tba7kZHZ1uBtcPR1bzlcesT"
        "nQ213Q31Vkd7gdVe220tdrxkXZ5nXZZVkJlfsDzXunzZ8hzT//ET9owtjtuJaJPJzN3CFT33Kmru71iuxfenzo01UknX3Lwefp09"
        "c8Y4e2aN+IaGhGdhWH1DCZqVlaWMa2NjozKT59cZH9IHJ88ZX12wyXCyT2ZKzkp/kUkXTSXoqe4srYyz6ZcHGvV31h4d/OJ1XX9y"
        "SGtmzxsPThbL6R0++erCWZnvMulwcqI+dTxLZ0ps+srVRu0v6mGtm32G9PCNC0bhTImMpfslsvKcBN43afb6RB29naVNgzYNX7JR"
        "i+t6NCnDrVfuDuk39y4aNbOlcnmfX6hNHjaH6ekdibouf4VSp77WulHnu3o4y825PjViJoyt18rk1uKAPFY9KiOrw/TpS4l66dUV"
        "+rMFxbpgZKNO7OnRvR1ufdHw6bYHJo3DN8rFMhyQwplRye0P07H0JG05tUIjK4s1dH2jBt7voTY3dfp4N2WM3rZLUkZQiuvOyzsf"
        "hGlVfRJ1rlD3b4r10cwmMOnRpUfd+rdf+uhj2vjmXoUsPRoUsJJnY8P18r4k/YVmg3WxHuls0ofNTnpx05dP6wtnjITIStHskHQ1"
        "jcm4LVzbriSp2ZmtOxNLNP9Yk159xKnHv3ar67c+HVl9yTBifiLlJ0Ky9dqYVHvC9dbiZPW8m62PVZfoezebmOOk9wFw8Okd+2Wj"
        "Ln6d1BfukDfbL8js+XD9VUuyJkTm6NFgia7JbdauJqdq9oDGhvt1Vc2sse2Bn8rLp3cI3IljfoRahpN195M5Co/64ZZmze13gtUA"
        "2Pjh44oxnFyFbnbKqe5xuWOPQCvJumRbDropRTPN+t0hp/7ppQH99RN+1l81xtKfQwc7ZfT2uDjfiACzFD32xxx0UIoGmvWdD5xg"
        "OwDOfl249Zpxa3E1vO6SS69elJiJCLhMgfdceC2F0xbdes2p5ScGmOuHty+MpIzn4WmXoCXZ/lAk3KToH36cC0+lcNSiz8b2wsUA"
        "vPjB4LoB0eC+W8zODyWlKhKsU7TUnQvuZWDeonFLe3Xq2wE9+Hs/vdww6gs3gONuSYj8SPb7I8EuVSfP5YJjGRhu0nFbL9x54NGP"
        "L742+otqwGWPLNn2kWRMR4JFqtbF57FXGZhs0jfbe9GBRzMtAXi8aYysrqXPPYK25URqFL2l6l/K8uizjB43abWnF6498B7g3NvG"
        "uK2OuvdKqXtCVtVEUWuqbt6eR93l1LxJ04706l9/7tGTzwTw5LfGHfsL1LFX6uI/lj/viuLshfr3i3nUUU4NrTp7vhdcPOgkQA93"
        "jZSqevbdJ5u3fywVl6PYayE+ymffcvZsxeO9+vJpj/7otQDY3TNW1TQwb5/gNZn+gZl3CzV+XT7zypnTqo75LrTkQVcBssgkZBLX"
        "fjJrkruZMSvZlE9m2cmpVu4uxrw8B/BOmJAB8srV/WTWJ/LlATN5Y6WvfDLLTu60oXkX2vOiwwBchwueY80BMusT1pnJDyvZUQA3"
        "dnKkjXUu9vCyNkhtEYLGJXT9AJk1JeFLoskDKxIpILPs6KtNnW+40KoX3QYVfQma4oyDZNYU50RTYxreLiCzKvB5G+e4ONPLWUGF"
        "T4FDee/mQTLrU1kwEo1f0/BqAZlVgW/bNWbChba96Dyo4CdgRk2HyKxPqSsa/6XhvUIyqwIftlOXixq91BYkT6OFGuXK3UNk1rQ8"
        "mmnBT2l4qZDMqsBX7dTchxe8+CJIflmEMXo4TGZN04cFzNLxRiGZtRaftNNHHz0N0kuQvJgnR4MOiQ1/i8z6TPKPWdB7OjopJLPW"
        "onuHplT14Z1BtBDEnzEysaeDnt8isz6jbwv6TUe7K9H6WnTsoO8+MBik9xB++J58d+hFybQMk1kzwnnoMR0triSzKtGlQ/f7+/Da"
        "IL4Lob9YSTvSCUbDZNYMOM2Dw0VoayWZVYnOHODUB2aDYBWCg+/LU8e7pDLubTLrc1l/ch56WYRWVpJZleimQzOm+/DmID4NsSZO"
        "Wk51g+nbZNbn4DoP/hfBvUFmVaKDDnDtA+NBsA3p/e/306Z/f7/j/uv7HfYfVzzXC5s7Ozd01bZ1tDZs6OSfiti5ed6wf667vz7v"
        "f9ovwtRcv8X0r/XmuXn/AM1WQh4="));
}

inline QByteArray matOne() {
    return qUncompress(QByteArray::fromBase64(
        "AAABWHjanc5ZSsNgEMDxv4oiPniG79EHlRhxy1v0STAi2AsEmmg0bWoaa933/RIex31r3fd91ys4Qk/gDD+GYWZgLDPWYbaqhlpN"
        "WWasxvV8R3X5duQGYcJQqSDtZatVW+jYkRNXQdJQ3XakOoOM0puVVm/UtRh6k9I1vZF/RFG7VSllX5SJclFRGJUW+ipR/LcqmZVa"
        "ItZEHAeXHnrx6KMfnwRJAlIMEJImYpAMQ3IzzAijjDHOBJNMMc0Ms8wxzwKLLLHMCquss8EmW2yzwy578tMBh+TIc8QxJ5xyxjkX"
        "XHLFNTfccsc9DzzyxDMvvPLGOx988sU3P/wC2v9NEw=="));
}

inline QByteArray matCell() {
    return qUncompress(QByteArray::fromBase64(
        "AAAEWHjanVJ7SFNRGD8OE42QCoOSiltYGKTOha+F/ZwWNXJlKBIR5mKTFtOZTjGx6IFBiYWF2ZOMEhMiRCJyL+8Nk3Yfo6IIigoT"
        "kwp7UFFiQedsh/CPhPCDy3fPd87v8X3nWEwlhaZ8ISNVL1hMJSkVDqddKHJa3RWumkqjUO2qdTSsFgpq7Fa33Sa4qoxCsdUtbHHV"
        "C4ZsQb/GmJ5jNGQJBr0hk8wgosyWeJp6dYTE0BxLIpnFLL6mWySZHSXRxGZ1W+Po/yFavHCeRT8iOYj88tGHy1/042MTMso8Qbxf"
        "mR57c7GH14M4PR7ewNmCFufYZBDG2w/qA1c8/JyMN40JtzYOe7Bu9rNr1bkyTpgY0MtxMgz01A6bF28p28RBGc9DP4pHurycR8aR"
        "dkbsxcmOqvlHRRmrdp669z3Zx3llPGKwvT5klnnMc3QK9r9jwj6uo2BZb82etnEfXiXFHG4vUBCkrIlpfq6rYF8uM+bHsQ/b7i5t"
        "VrAoujQ+pc/PfSiQ5Ksb7nz1I7Xv8qfuIQWONmY8wH0pmLc9hznF0wYmrKJ/aTNlCnCfKqxsTBMBHGBTMqsIy64d4L5VhO01DWAF"
        "s9eiIkI3wPtQEbk1EZoaDpSMdF0cFETel4obQ5uzjptE1J1ZSJ1r+NXz5bFlt8j71FDUGh4cllDV11s1XK9mDYu8bw0/ixmhiPsC"
        "I9RQSNnKR0U+Bw2diWkvk2IkVI5NUmYN334/oZ1KfC4aNg2zi5CwgN5GY0IIlwYZkcTnFMLnbmZQgt/NDIawnj2THonPLYRz4WuV"
        "YKfuWjtCYO82m0z/bqP+fjpSUUtIHK+HI29XHsPrp+Cj/4HX8XdfV+Vwz6WrylJCGK5zCi5qWlyk5rRbbVSe/L9eJJie2TwzXGk6"
        "IX8Ak4ZiHA=="));
}

inline QByteArray matThree() {
    return qUncompress(QByteArray::fromBase64(
        "AAAIuHjandV9aFVlHAfw21priQwLCwsbJ1myQu0682UL+zJX1MhbhkNEQnZlG032YvM61phDK3sTCxOzNymxMCEiJMK93O3eWOLu"
        "2+71nJPtvoWdc5IKe6Gihgk9z3m+O0n0VwcePvde7nPO83t5zhOob1pfv05bucyvBeqblra1d7RqGzqCobbuns46bUf3zva+JVpD"
        "T2sw1NqidXfVaRuDIe3R7l6tZo3mX1G3vLauZrVW469Z5fsf1zWNgQrB6et9vjJhuU8pr+vEmCtGiRjXilE9O8VX6msJhoI3iM97"
        "xLy33pTXEJST/3Ia966Ql04trGt20otyQ3QSPw5g5dbhWadRrCrbe7hBpxa+X7y8/KOFwzTmzVNO48VbplN/bNSphdcuuTeiMbze"
        "sL/j4uVJOo0acZctLTq1UPfp2d6xd4dpzHuOMov8zOD20ZBOLXzTP//jhy4M0xjun3P++I61s2bx/A+Pn67cp1MLL9fLhY7QuLcu"
        "ZRb+ggxUpxbXNULj+FZEOTMYo1lkZZQf6NSiIzTuxaHM4rlI7NiDn+nUwjOHZSJGaByvHOm66dlIjGax7NTRn06c0amFu5549fPf"
        "q0dpwotbmcVXIuo553VqISOXuX2UJrBq63Dj3JI4zfG5OrXw9Hcy0aM04eVJmcOSF2RhdWrhjk96njx4aZQm2CdxmsOXffJGBrUx"
        "KbJw2z1hmvTyqsxhj6jqoQUGtfHUWlnIME2yjnGaw91uHgxq49bSTRVLT4Vp0quDMgcjsG3e5lqD2ojKMvwapknmOU5zGJTd22hQ"
        "G+0HZaOM0ZRXN2UO1bJNtxjUxo2ba2XlaQqmm4cEzeOcWxeD2hiq3CciG6Mpr87KPAZkmfsNaiMoqzIzRlPY7a4zQfNYLMuw36A2"
        "3DTfN06nvL5Q5pGWaXrboDbcsg6M0ync6d4nQfPod/vEoDZUuON0yusjZR5Vbjsa1IZ6i0VoGsmEe9E8Uq4GtdEkVjWhRWja6ztl"
        "Hn2yrQoGtfHhmUdWv1QfoWnsOrRAdEaSFrDInWdQG3+d/OVcYFuEpr0+VRaQkG1yxaA2NhxwNypN43aR1a8fS9ICet3nmNTB+3Jb"
        "Ho/QtNfXygI0WfZKkzr4U5ZhIkLT+EKTC03SAmLuukzqYL2IstmJ0LS3D5QFhGQZYVIH74mgqsqiNIPOi5dF5ElaQKUbh0kd/HbF"
        "EJ0bpRlv3ygLOCvT3GxSBw9fkC+mKM3gZtm281O0iB43bpM6eGdCBhalGW+fKYtYKJe516QOfj4hCxulGYRDMtEpWmSeTOrgAXns"
        "nIzSjLcvlUV0y7fvMZM6eMN9HUdpBq0iCweOpGiReTWpA3l+r/H9c35XXHV+l7vn9ewo8bXtVGe6/H03/yf/779qful/zC/hub+r"
        "qz00T3zr3OTz/Q1kYeAo"));
}

inline QByteArray matFour() {
    return qUncompress(QByteArray::fromBase64(
        "AAAAkHjaJcOFbQIBAADAS8Mcv1sTrEhxLxS2w7W4FtkDEi65AB+vgbfQa/kzJawroieqL2YgbujLSMJY0kTKVNrMt7mMhaw/OUt5"
        "KwVrRRslW2U7FXtVBzVHdScNZz8umv61XP26abvreHgCnhwoFA=="));
}

inline QByteArray hdfCode15() {
    return qUncompress(QByteArray::fromBase64(
        "AAAfyXja7VlnUJNbt4YQOqEpXUEpotKRHmqo0uEgHQQCBASU3ktAQCB0pSMdIi3AEQSkd6UrTXrvUpSOlKuHeM+nM+eb7/64M3fm"
        "8vx53lX22uVde83sWaEKMnIgAloCjB/Aw8MAYpBi/CvO0XjP8Kv8026CZkw0h6D5FeCnHvMvGzVaT4aO/7uflqas7A/v89/wcx5u"
        "4AXjYVzi/yMUZKXUf7AuWr6B5neAX/2cHU2h1o9hTj9lC3dTu4fW5v+dn0L/w3kxMXAuxmL+lC8iYGJdKLDQfpJoJkLzP+up/wpF"
        "doMBA4jeCRUeBpUf2o79PcN/2AFYFzMSfp/vxwcmep+Av+yYGE5WLpaWthboGD/WdaE3t7C0NXX+W4+HPiksANAd+++rKoleEvDv"
        "nd74j87jD1U1Gczvq/h5nzPp/73/z/t6A+syh/8VP+od5vds+L3eqQP/s/FVZBesCvy1/v7jf6C8YCXgzzz699Cm/VX+p3wGXv7K"
        "S1ziEpe4xCUucYlLXOJ/He7GG0MGymM6GB0OYQognnbq7AfbxgYRPDkO3foBMuvlLgCCYOH2a9BwTURCQfGYq2s8KZSa12ysU6V2"
        "GhLC831E9NijShF1yevQblLpEJ5e/VoDl1HhYjXxz3a3VE7EfNIallPPGfwPq2ACbD14FmFJUdxs0iMuqLwqnqXx+x48rINV9Dld"
        "rkP8PPM4odovkrmZJDXLlFKuuVnVllkZkS98jGkdDz22QRw83ZispMM9DckfJtdK0Zcs7TXJny9SWZVV/Qr+bMnLOnIqvaJ+8jaG"
        "Sg6VzCFbieSgk/EkN+qeimepH5xueNO1WOFJHwxafhBzeo/OBqfrVCR0J/92ocwI3xs2tWR2cfdT86mCNOtG8WzOCCU9jfFjWWXB"
        "974GylHkJh2CBrF+s7VdIBeS57APZMEnFhrw1+fwZfx1FnDBCWxc6XWK6/PtkmpcNX2PBHNPIuvAs0qhsJdVG4kR7/qcp/BXojzu"
        "0VYils/avyH3YmGHptYySy+bBSN4sp/y6wV3N7cHJTc2FTlmMQT06Xw1LboaKGysifQihG6odjo9Y24XobYpCtUTn7aUbdYFadl2"
        "1dysBLZ3EjtGyNRNEAeXce9vBhV5NAhQ28hxCPnSI8GjScoEVyAxZnNMygTPQPJd9tq4u7IlkZ7X9FPwYBkcMKBQHUp3SeZLpGgo"
        "Ylpid1eof4wvRV2mxVSb/JMw4iBgz4gih5TLHVwG7a7A93D4TJwGbgN7E2xqip3Zf5qflnbVyrLTZwy7kcHOHyhRU/pFFPfen4xK"
        "7k1TnfjG5kDyLnaW2yoFcPhCIHWd1Ns+wwqVbt2bnNnJZWPUYiL2B4/sPrf2Qk9KJk7zkaIOkF4xL+w8RDkvY/w8krgP5LeZf+C2"
        "a4X3Amc4eLd5Z6FOB0uGUFE2kfLGnVmlYCK5+ebJRv9CC5kGKmFX5QWFpjDddtXEvNKc1Lr4BR1pEhSYhtD/ems1rwQizzy0zdpB"
        "Ao/m7Sa/ooDQZvROOyOX99bMGdshtzZBcyAl5/yxCbvcboFfrnoNEfQBDAgcQrXdatKNqj502osTg1B33ciSDask3+WOryucq83R"
        "rsSBbii/i0rvWFV1zRO1P2/R/HoocZaTmAf3k9IlwB6DYBM/i79ryzfEtwuaqfYe2k3aVsuI2wfsEXFTjEnhtvuWPs8skySEUxHw"
        "UzLHS1LwKcRx3joUMMPnW2njgjv09yi6xQwHt/oo1oz2F331zq84uuYROiROmEpSd0Jh34pbUgpe8mbU3FGC6zRsJkpLSTzSLqZw"
        "68WikvRqWD25TpGkb78eo1zRtAqoJyqeOn7Ttem1cP2xIN91z62aTQnvbM6BoMZvtfQz5QfiJ/S1blYxyhEzByL9H6yJMldge0l0"
        "dX6QBAATtk+jTga/uOC3VFhU+N1Vt7SIak28Da/Cc64VXpNye4zEw6mOvnlnVrCmp6fIkRXy7AnynETcl55h/Aybyf8p3/d6Mriq"
        "Rmv5vZ4oRtwM1ISGU0pp1HK3R7dTD5CuayCLC62aNGSXqaHhwlvZj+zsyGJIzYh47OoqHow8wuPp1egkyi92LcTCjOJZuuYUzrhX"
        "ID+kb7QvOqRzhvm9nNQd156J4wK+OKghbYZvJrc4iwaiRqEqj2MOQTzT4Z1/fqJP5tfxqM2FNO+uZ9O+1G/Z82YGPZk2MRAD8Fnb"
        "aOogRDXLaYqqhHRWLdc4rx5kviJrt0Xua/tWaUQhQa8F1gI+ZYIPI9Rds/by5P0ak4MRiLtp3S6bosvqBBQxzhpLlj7bTrKLbXbE"
        "lR9cCQXtq4UIrrBxrnfJi2WoygvR5Dq+73/Dbs5nc7A4aQ0tNIYz5Iw+W9dtVWm79hb8Uet21pWjw9mI4P70UXAo/bD/q/swLosw"
        "6ZCXHuVdFbP1UbxU0Ftgp3mW8ZsvElInayImXu8ROOeE1d9mtMR5ksxap2kGUyyL8k4Y8h2/2lsycU7bN4bzeNGzLT6PE+Ez5GPh"
        "0PlJ64ttktJDQ3GKoJkvyR7c2tQQqhvF0Q3+ZW/kLUJPNVWww/mZTZfUKuliuOPhwU8+rVYqmha56yDCDr0HQO2QlLew+TyNDe74"
        "+ji/Q9FIt/KBRynlIXncHCSZdrxqpLFQS8VSEp/4QQGnjsDoDGXXVhOYNgfzksJwPHugtEcDbJ0H7Jaa8o7s1pV+woXuwOr1x2Go"
        "AIWDB9uuCtLdcWR6lNaIZpr5zUkst/ywPwVNWnZlkhCprCKvVGdPmGsanbjtT60B+hXqar7xRwJNdpGzkJ575uAK2e2WGFu3noLC"
        "kytK1YH3O2+2vuCObxVfm7Kh6rzPZOB2u8F+KmpyPuwd/ogK9grqHXacghzNOPjedn4xAXTTmlCNvHR4HZAeXO/1QYlfqCIwaifm"
        "fpqrBZG0qFdP7gGEnmKPvSlwX9tIj3QIFtvxXNflsxsok+v4iWGyaffbCaTqYiaR3agrZU2TZ0vd+ccCube9b95+s/moPeuFe9AQ"
        "igsNulneK0zcLE2NmH0deKdz1b5Rl4VHd+QrhSZeuMszaeE/Hgw+x4LeCXo/lVVpjh1usXZ3OyG+S8ekqJhsdHZHaOrD5p+Ubkeu"
        "AyRjOnhEkXk7yoBhKWQ4lqB0evOHJj9iO1xV/hnrgCUpq75COQjvtpCziDs4IN4HBvej8KQ/3LlT8mItnqFjWS3168mc4BZbo+cK"
        "l0pjcb9uX4kv68dCgzjPDnz2M5t7MZyi24J+h9xwUP90L0blxrcaCZ8/guyiQCX+TjCfP2wyYnS9zx7m9MEj+oNmeobLJQQ4b6jN"
        "I873sbSlrigun6DCiA33oyR2gc5BQxIqg5nJukDUiSDG4Xvc6XLsnBFIuqhK1eld7ro3O+8X5u5TBTTSvwswBqDSSADa0l7416Vo"
        "5rBGam/BQrYKkRmyMyVwYxyUERHO2epTkvSOL5Guy33yG1wiIsef5Ldalr+UbfgRt4ZtfK8mA+dKYx7XcO1DNVDMkCwUl/7owb2R"
        "2ujolYmCYoP19eIKVQiktbt8S8mgkAnCyMgox8bfoLVv557mbOxsFJJrPey6eJeReQ6vb6dIz+ghqmRi+fTIVGIXF/g0TULM17fe"
        "WA041xWp0Hr1ZqLyB1wZwADE8TXMRsSSODv/ugLixeByXhmuhaDNbUNHBNPI2suvjoOd0ig98tzHzNrTsSmKGhSMn0I51gYZOsZu"
        "394kEK60aPZ/36Yrj2zW99gS8PnoflTLZ96WPOjIGsNhJ/+EQvlZ3+kzpEvP6gMQQV/By+gt7OdgGM0ZbpD+7rznImWyFR2SKPud"
        "4VEYOGkoddJBgcMXKsJ0tYuH2KbTan0QWXoyvHdfyna5bE1teotWa+rItLannN9cs61xbL5uVdh7RFb0tPgoq6yO1KiBwrhfoI4K"
        "FSrOLkDGSzs0fkYDPlaNeyIdZzZ5r/puanBDRooXVUlIuPFa0h3pjRKxEHbbEde63ANjHlvMJInI8e5WNoMloTDNe7X+EG9SlpCM"
        "NEm9UHbN12IpBAkPHDr+lFmzCe6ijXfi4YjUqCrqYWYej60CJizWoBKJyK61WFgMq09Us1FXFa0fVPX0yN02J8g8p6p/thmWPdu3"
        "uiNGmCAjF0W+nEWzvbP8ZXfTI9YoG7EmxHK1gSftUZy3YQrhsUkLvngdr95MN9taqljYHf3gN89zV/tP6WQ3MtJo01+dln8j6+ey"
        "sxmPs6onxBXLQgzEzhvZgHyGRSroPF9sGlSnpbImOpvtJKvTMbznXaELcNKP7iKPpR4zMtF+nVeYMuX0vtRnr9x6glIhQoRD4FjM"
        "o3hqn65VBGEJ/fhQilCB1bawgmzD20o46vAKU0VmcQ00RTzfBXqVuHz0WuFByxjZuuiXj/tXj2fXMkFaUx9s33YKVjuS0sJdCly6"
        "kahaP4okrV4rz7CCqWgfZ1Yn85p88cXC+1395ixdLu+GFmXwd5vnJCZIt4LwIa9Y1bUNqIq/pfbCuyBUM6pWwY+r2B0yXhYgeJst"
        "ZG3vIB3sWO31CpoUixppsBKwn7AiCBJcTukrq0fxsBIhkw83MR1I0nja/FnSJ6m0GD+OTmLhRedKsX8InxQj1aU0vJtW5oWRsAv9"
        "NJfU4L+jhFNqMac38+yIhcBWb7qohWmbfiGTVDV9apYMKEreGbdyXcFk2Eq3WuacZNtpGGxY3YqR+jU1t/WBAkjVXF10Ib2Zzf+p"
        "v1/kq9he4S1AQgFTobkTuBE7dz5miJfJ/pHUKpcGv+PMt2i/CFQcnduWGZzV7NFinpGayb55d5fvAOsM1edps/XjZf8B41K/82RB"
        "DOVA0Yhlku4a0bLGMaEz+OgitmEeopCBbwuTKr6H1NjnzZlxywxgO7uZV9r7qZnpNOE3kDn0xKZtrl4Hr3TVd75/TpwgEXpLAMRB"
        "j3HeWO0bNT5hW58LF4U7racc7Hl5Wx8xMD70yMHEwP6tAXfResLE/LUB9zeT/uVKivez+ST5a2MNAMC8aExdxMHCLEO3tql/e2JF"
        "/598+BGiGd3PwbiJ5v8CbXTa/Q=="));
}

inline QByteArray hdfSph() {
    return qUncompress(QByteArray::fromBase64(
        "AAAS/Hja6/RwcePlkuJiAAEODgYWBgEGZPAfCv4IofJh8glQmhFKd0DpFUwwcUawnARUXBBqPrq6kCBXV5Dq/2gAZo8BC4TmYBgF"
        "IxF4uDoGgOgIKB+WSk8woapLTU5HSY8eFNrLyMAGMYsRxteA0EwQAR6oOg0ojc5nBqZ8kEpBBX4GJqjLuVgZuPih8qzAFA2SZ2KG"
        "2MDNoABmMMLt4wDnoJTUtJzEklQGaDYAikJyFDMTcwUrwmqQtdAQCaBJPAT7+bswgl0FAQrMo2mTHAAq7xixlHc+BMJzAz8qHz29"
        "MY0G7SgYBaNgFIyCUTAKRsGwAhVxrAcZPeakSrAX7D7zxsh48hm94rTTbSX3t7//e+/688r5/wVc2jp4JIWSPXoUp3tOn3kzNS0t"
        "bdsZFTZnoLCgpJJRikdP4xEOzs2nz+gZA41Imnlz0oQJdfs9LMTe8fO3qx8ufthaoDSHS76l2e+EZvGRlaVSc1ZcfspjtfjcluLL"
        "kUVmc2LVz54tKb7DtP2G7TO58ptrS7LvXH4X+X3P7TfbdgquP9pdeTduv/kT3urke0vMH5+t/HyvSfy7UNwl78rqe43iAY5TVzut"
        "cpmqudQldGVU6HqpkMVdq8quLv11ZcGuJW5XW6K+PP7XNf/D9b9L9j9d/ke2/vz97/x/nO0XGJcEpL+OmbveeZfH9BdBsctk15bs"
        "FItduLpk67qrpbvi5l/k/TUn74qv1SrlZTe3zDATNp677PaXWXXGCW1nXI1z3M7MkDSfnHbqzIxI4/S8GZXFp3VmuAqba6slXvO9"
        "lDNzyk3D6rT7MjOchTXOa/gvZlgazJYaNGGTxuwijemfNOZzabi0hrgcDXFyXzmlL1DS1ptPVt111qlOzxcsoQGqoRc9Vy2TWrU0"
        "OMS9e4tLYdQy0ailLGsvWuUGTDLL7N6m6bo9s70ss//dBbu/3uxf5GWDpNgt5hpbTG6ec/TmnMM75xz/GXNAUe/JaZtDi22OhVfM"
        "Ua+YtP6TiP9nnvjHkfvOFf/RvP9gts35+R91/80R/8Ed90S177PR+g9a6hW91yubJ+85Gb3nrGbfDbXbOYu3Hd12y+x2XvK2w2W3"
        "9G7nVuesf7v577cm2Q3NZSfqkvRveZfdiNumXHal76Z22R2/G57VV/1uZlonr78ZWX1X62KQno6S+hInraVefl5br3isnTPJylL3"
        "66c5cyZuvqRw/rSlpX6v0ES1zGkrtnis3uK5+8gSZ6ul3ruWulep8pYrNuye2Fc9obF6YudvgSN/TxxiPnGs+cRB5xNHD584rHzi"
        "+GKNA8kcDwtFHnGKPOTo+qji9UGk71HmlEeSLh+YZn1QmvVRaFGFpG4F69oK0dwK3rcVsoZ7Gvn2dPrtadXb05u3p1luT3fcnna7"
        "Pf11NQ3cPwSYf3A0/5Do/iHk/YOrsKY3taZZtKY7tKadZd9xqboDVnVH2OqchOyThfcncO9Pkt6v2Hq/ULo+gb0+Sbw+kb/+Md+/"
        "g/9naAU/BwDXAedG"));
}

inline QByteArray hdfDescribed() {
    return qUncompress(QByteArray::fromBase64(
        "AAAbiHja6/RwcePlkuJiAAEODgYWBgEGZPAfCjqkUfkw+QQozQilO6D0CiaYODNYTgIqLgA1/wAXqv6QIFdXkOr/aABmzwNWCM3B"
        "MApGIvBwdQwA0RFQPiw9nWBCVZebmlhcWpSawoCWLh3ItJcRDBH2CULTrwczhJ/BSlz6teAYTb+j6ReRfmGlbAcrqrqi0jyUdOtB"
        "ob3Bfv4uoBQMS3cKzKj5Aj0djwJc5QAHJMwYYXwNCM0EEYAVQyJQGp3PDCxBQCoFFe2hceHAYMLNYPIfGv6sUPOZmCAGckBLHGbG"
        "Bk5oCcaI7B4eBgN4/coDVJ1WDE1XHAxw85Hj+Rda/asArc8z4CZqUJSuNNhH0wg5wH7nTBCYZb/zttKFpwlO9rtk1nAYqr2y3xVn"
        "al/zdpL9rvn7yk5ssbLf9dB9nUjVI/vdIGWOXfa7U6KAKo3sdy99HPz93C373c9zup2nNtnv0fh6qD9G035PVt3P20oX7feAjHtZ"
        "ab/n7cSMog2K9nv1pYAmnrTfW7D4Opdtof3eTbp8YSyS9ns/b3NdeOqg/T6QtRMz7UG2WkYI2p+Euu8k2EHv7E9C3XnyN8jCafan"
        "oO49ZQsy0M7+FNTdp0DWX3hmfwrq/lMHmoXypvfZn4L64zQTj+euODP701D/nHae2simcs/+NNRfp1vldgS+brM/DfXf6WPL38/d"
        "pGd/GurPMyBvVVyF1cfo7U4eePpnBeZBDobSvMwSEF+SkRGsQwCeNzhQ8glIuwI3oox0d/b3YUQqsBnR8nduGCofRoeZwvI9qrin"
        "J2r8r+AfzQOjYBSMglEwCkbBKBgFo2AUjIJRMApGwUADHugMFSMDG4MIgwRDTmpiSjG+cQRGRqzjAcjjCsxofBAbADB4+d8="));
}

inline QByteArray hdfLzf() {
    return qUncompress(QByteArray::fromBase64(
        "AAAVQnja7ZhrWBRlFMfnfWcWCFHRB5VMZXZb1DJTS0MzPLMLCKYI3slMFhAxM03zgiTeE42U1JTUgJ1ZFO1RMNNQrmYlAl5KNpE1"
        "Y2tzaZGV3UjJvNBZWR7Tp6cP1afa/5f/7z3nzPvO7pwzH2ZDWPDI9p7dPRmHPDwYjvFm/qgWp9RdHly35TVOJ05f7/S9tC1O7uV8"
        "nfFOzv0frps4PiTEUd3ykNrOGci1ugfj0v9RYSGqSIdHOddtXXqKPlgXH5fwQD+G/cNzCePWuhdpW/dtddoa8HLW+Tj94TWLne+o"
        "7MSDs3cFZnA7ZnAL25qXYdSRp2zrCe1wfweQth+Q7MizzJykmfeWjjGQYW6le9s8tE4WS9lE2f1b8Lk/KmH/6nOYMDYi2DHRbXPI"
        "s67e/DtyvO/In7zvtsj++rqDHR9cP9xvrvejSy655JJLLrnk0n9LZOcOgfE7BmrNla8Ul45Bfe9BHvt7FMAW6zIYMr0Anj98anFJ"
        "VrsC+CHJJzf0+wJ4RyX0pYXwDO/vN3VGIRjONk8w7S6E1duCUufUFcIT09JOXO9bBF8rLt2ULZ9dBEstQqRnEcgPLpi12VoE5Xx4"
        "z+4DimF+oGe17o1ieJSb3KH/oWL4rEIM+bSpGF7dLCRyJdApapiwlMBOIZPdUQ7XNJuYcm0OLYftwlxyq1ybRytghDCWBFZo8xHN"
        "/Bl6c3mFttSjAjalz+285niFtgz5uekFo7xopfacRyV8p3RbtS2oUluNvO7quKO93q7U1iI/fSijMedkpbaOrYRvEoWL7GkY/KzA"
        "MFVa4KpgfdcaeSfkUFoF36pkZGGVNoKtgoGXhVkYnYK49rjwK2I0Flzkv6Se1VXaBAw/lSJEYuiCZh7Vw0o+nNvqq4cnYxI89aAP"
        "j/WOGqaH5aoD7Cg99FWVsFP1cF64S2brRaA1ECzPoLf21YihyB/EdGBqxAikBuEauVojTkEU5LfpKC+DGM0a4H1f1V7GICZ4GOCn"
        "W/vs58MN4jzkF2ojNqbPNYhLqAHeU8jotDSDuALjP+7e9QV/0CCm4KVDN6jDMO345mLEI4zwET+Ji/U2wgpNHWuEiSZhKGOUpiDe"
        "1as8MF/F+3tFDTPC3pOjAzaojJCsacHoePkR7uo4I/SJccfVbWEPiTVKaYh7hHXsAiO8pT7LJhkhkj/CdV5jBH/VXTbVCL8pDnML"
        "txrhnPoC2WUUa6kJHpFPojOGm8Q65E/UHchok9iI+Ir6BplmEpsR3RXhNHWOSWxB/lh9lywzSe6cCV6eMVw+iDFJHTEsC3IjGSap"
        "G2Ien0F9ck2SH/JLcR2woA9rAraf2hctYSY+ZLO4gjHrAtBTqBkKFVdovxSzmIYcLywm6WYxHbEjv4g25pjFLORjqhHkqFnMQYyT"
        "x9PDp8xiHnJ7Ppx2rTHrQjkz5DfdkW/G2Lvq6azdDDHBI8lNsy6aqZNWUAvMC0omokVKYSy6ZsaCf5MFPpcH0rQTFikd+XXFAWo/"
        "b5GykLsFTSYmi5TDWLIHYGkehl6TH6G+XL2UT+uhi/IATfKpl0qRS5WL2MvKelhdxtRnJ7D1cOa0wNAGkJTJ3B19AywJzmQvN8AY"
        "xSSqudKQnY+pGzha1xugMngPe6cBtLw/p3SzwiJ+EQ6kFV5UzWS7WsFPkcwd7WWFX1RdSW9rdiO1QqYykBsdYIU3/WXcMrBCGJ/B"
        "5YZaoadiElcbYYWfFbs57ygrlOFT11jhw8f70wWzrDo/YgP1Nrx5m64PYuw14mXTDUDix/DjGJsuADE4g+7vYdMBouYCUdp0offy"
        "ivmYj3AEt5MhNt0UJOVa5QYMRiPGlJAQmy7BQZkk3CbWEjsI4fRQhl2sQ4zJJbvtYiOSJpPk2sVmJP9U+SjGLrYgquPp4hK75I7I"
        "j8EesksdEWMXk7N2qZtjpwycaLvkhxiXSWrtUh8HLSd1dl0p04Td06QrQ09BP4eehl6Nno5ei56FXoeeg96InofezDTtwZyuhTbB"
        "SMUQqk9synZHfky+kXVb1QS/A2QLwLo="));
}

inline QByteArray hdfSoft() {
    return qUncompress(QByteArray::fromBase64(
        "AAADkHja6/RwcePlkuJiAAEODgYWBgEGZPAfCiYwo/Jh8glQmhFKd0DpFUwwcVawnARUXABqvgLUvAKoeEiQqyuy+ej2jIKRDTxc"
        "HQNAdASUzwGlTzChqoOlwwAq2csET7nYUyYX0CWMSOrZoOoZORyYU5PT+RkY8ksyUov0MkwZ9IF8JHlGjpKixOTMvPRiDgb9vPxy"
        "oKpUBgYARtBFJg=="));
}

inline QByteArray hdfVirtual() {
    return qUncompress(QByteArray::fromBase64(
        "AAAVeHja6/RwcePlkuJiAAEODgYWBgEGZPAfCipEUfkw+QQozQilO6D0CiaYOCNYTgIqLgg1H11dSJCrK0j1fzQAs8dABEJzMIyC"
        "kQg8XB0DQHQElA9LpSeYUNWlJqejpEcPCu1lZGCDmMUI42tAaCaIAA9UHTR5YvCZgSkfpFJQQR6Yt0BAgUGcg0G8HirPCkzRIHkm"
        "JoiBHFCfsTAbsCDnLCFoygfx7D24shkYCgYkHtyd/X0YkSIAFs5BDGgFQX5JRmqRXoYpOEaYkSRAgAmJL4HGBwFuIBYG4u0P2S6i"
        "2t/BP5oXRsEoGAWjYBSMglEwCkbBKBgFo2AUjAJag2A/fxfQiB5sHE6BeTRMyAEA+cg4Zg=="));
}

inline QByteArray hdfExternal() {
    return qUncompress(QByteArray::fromBase64(
        "AAAFsHja6/RwcePlkuJiAAEODgYWBgEGZPAfCjawovJh8glQmhFKd0DpFUwwcUawnARUXBBqPrq6kCBXV5Dq/2gAZk8GC4TmYBgF"
        "IxF4uDoGgOgIKB+WSk8woapLTU5HSY8eFNrLyMAGMYsRxteA0EwQAR6oOhEojc5nBqZ8kEpBBXkGSBJWYBDnYBCvh8qzAlM0SJ6J"
        "CWIgO9B8Rqh1oJxjgCPdH2CGiUNyFjMjLMfAZBioFALY40ECLd8HsKCq009JLdOvSi3Kh/KD/fxdQP6B+UOBeTRNkwMApYA9MA=="));
}

inline QByteArray hdfPromised() {
    return qUncompress(QByteArray::fromBase64(
        "AAAFeHja6/RwcePlkuJiAAEODgYWBgEGZPAfCipYUfkw+QQozQilO6D0CiaYOCNYTgIqLgg1H11dSJCrK0j1fzQAs8eABUJzMIyC"
        "kQg8XB0DQHQElA9LpSeYUNWlJqejpEcPCu1lZGCFmMUI42tAaCaIAA9MYVQSEzY+MzDlg1QKKsgzQJKwAoM4B4N4PVQZKzBFg+SZ"
        "mCE2cEBzCjMTMywLgIx8wcwA1c5QMaDxEOzn7wLK0bB8qMA8mjbJAQDOszhk"));
}

inline QByteArray npyF4() {
    return qUncompress(QByteArray::fromBase64(
        "AAABcHjam+wX6hsQychQxlCtnpJanFykbqWgbpNmoq6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaxjoKRgaaOgq1CuQC"
        "rrNnztiK3zxnm/D0gu2qj5dsv/y9YmvLdd22Xeym7UWl27bS+ndtU6zv265zf2j7I/ixrVPCU9vunOe2Vyte2sq3vrbNmPjWdtPc"
        "97Z/Vn60ddv22fbsGR+7T5d87cRv+tlZ3/e3S3gaYNf6OtBu1ccgu/Pfg+2+/A2xk2QJs7PlCrdLEoiwaxeLtFsjE2V3USna7ptG"
        "jJ20fqydvWmcXYp1vF2nY4LdrJkzgfKz7PbNnwVUM9vu8dLZQHVz7DjWzAGqnWunu2kuUP08u6Ad84B65tuV75sP1LfAbs6RBXbr"
        "3BfaHTy10O6y7yK7pxcW2f0IXmwHABgUjBQ="));
}

inline QByteArray npyF8Fortran() {
    return qUncompress(QByteArray::fromBase64(
        "AAACYHjam+wX6hsQycRQwsDAUK2eklqcXKRupaBul2ahrqOgnpZfVFKUmBefX5SSChIPKSpNBQoXZyQWpAK5GsY6CkYGmjoKtQpk"
        "Ai77nTNBYJb9SSh92RgETOx33la68DTByf7krjhT+5p39pedpzayqdyz3yWzhsNQ7ZX9Saj85eDv526KddiDlb2dZH/y9/Ocbudp"
        "9pdTooAqjex3zd9XdmKLlf0pqL7LJXuy6n7esd/10H2dSNUj+1O2BYuvc9nZX26V2xH4us1+N8hYxy77U1DzLoOsvWtgvxtq3qm6"
        "n0Cbn9lfXvoYaPMt+91Q+hTUnsvbXBeeOtBivxvkjKlN9qcONAvlTe+zv3xs+fu5m/Ts92h8PdQfo2l/Cmr/5etcQBfcsAe56rbS"
        "RfvTTDyeu+LM7C9D9e8BOftlpf1pqLsug7zbrmO/5+3EjKINivanoeFyBaSs4pr9Xn0poEtO2p+GuveKxGSgjxvs94K8aVtofxrq"
        "zytgd2jZ792kyxfGIml/GuqPK5YRAkm+V+z3fgZ55KD9aai7r3iCQrjOfh8oWCZm2p+Guu8KyBpDDXuQ7y0jBO3PgN1x1f4K2D+X"
        "ANtmCy4="));
}

inline QByteArray npyI2() {
    return qUncompress(QByteArray::fromBase64(
        "AAAA0HjanY45DoJAAAAnsfMV260mFIbS+AWNhRZWhriL4AG4gBbGV/gp7/v2M+AXnG6mmmWjXW92CiTAXCod94ysClnzbWkJ6YYm"
        "MU7QDY3Sv94yqc5z7DmRzrVkVyxhly2xEH9SVGhc+nj4DBgyYkxASMQEQ5x/pUyZsWLNhi079hw4cuLMhSs37jx48uLNhy8Z60Yz"
        "/Q=="));
}

inline QByteArray npyI4() {
    return qUncompress(QByteArray::fromBase64(
        "AAABIHjancg5DoJAAIXhsfUU040mFIZYWVjaaWwsrAyRQXABHBAL4ym8lPu+exl/r+BLvuL9i0ar3mznRCZmytVJ16iKVNWgrCyp"
        "vMikxgk7kXH1r9ecYaLpie/Eml+wLWmXipacy3+XF0K40PDQg48AfQwwxAghIsQYwyBBigkyTLHECmtssMUOexxwxAlnXHDFDXc8"
        "8MQLb3y+8Kg0bA=="));
}

inline QByteArray npyThree() {
    return qUncompress(QByteArray::fromBase64(
        "AAACYHjanY+9T1NhFMYxcSCdnCBwC71ch1uTkhqUxXrOCQztYhFbv/CLW2mhxmq1NUJiHBtCmIgTpaWAYYA0HToQpiYkTKSFfoBY"
        "EKtpboghxlQJdoDE8/4L3u2+7/M+z+/3oe+Os3/gXMPbhneq1xceCqnXZPX68FXVIqvDwdCbkOflYDDk9YlzuycQ9vF52O955eN/"
        "c5dFvmKRuy5fssjv5f/6DLlsFprLm6DpeViuFeH4bBvAsAvjTWUoKPsgWQ/Aa6tAyvEd6u4q9Go6TAYOYWfsB5giR+Cf+gnp+C84"
        "XaqBfeUP5LI38HfRic3lPrRVbqKm92Pk6BYu11y49deNx2e3seX8XQTDPXx64T6ONw1g0vgAC8pDPDE/Qsn6GKn7CXptgzjRo2F0"
        "eprvo5hJRDkzg9XFGc7FsDEZ42wcO9Nxzs+ia3WW3yRwNJPgd3MYW5/DlGMe1zbmseRcQD2/gHX3RxR8gk1wCSbBI1gEh2AQ+2I7"
        "5fBwfgh7NR9OBkZwZ+wZmiLP0T/1AtPxIJ4uvUb7Spj7suyb485N9t3i3jz7Fri7yL4l7t9m30+8scu+n3mnzD57vLXPHl9474D5"
        "v/Jmhbm/sW8LJY2tlEm0UkGRqLoo0YnZSI1JI0nWNupMtxF1t5NrtZ28NhONZkw00SNTbF2mlKOD1jY6qORUSM8rVHdfpH8LLvLy"));
}

inline QByteArray npyOne() {
    return qUncompress(QByteArray::fromBase64(
        "AAABIHjam+wX6hsQychQxlCtnpJanFykbqWgbpNmoa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRgY6mjoKtQrkA65Z"
        "M0Fgp71TwtMLSrd32r9SM+RYI7PLftLbGnvTuF32VltOlO2bv8v+UZXIOveHu+y7HEEKd9sbAVVFpey2v3Xue/Djpbvtm6Y6d+c8"
        "322vGdN/6KvGHvuLSrd/1mXtsa98CTJwj73ihqKMiW/32J8Emialv9e+0Jbr+uKCvfaSLGF8upv22h88tdB12+e99pkTQRbvsxeM"
        "sATZbA8A1LRqrw=="));
}

} // namespace precordia::test::golden
