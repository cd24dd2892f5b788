//! Names of glyphs and the characters they stand for.

use std::{collections::BTreeMap, sync::LazyLock};

/// Names of more than a letter, each with its character behind it: those of ISO 32000-1, annex D (Latin and Symbol), and
/// of the Adobe Glyph List for Latin Extended-A, Greek and ligatures.
const NAMES: &str = "\
    AEÆ AacuteÁ AbreveĂ AcircumflexÂ AdieresisÄ AgraveÀ AlphaΑ AmacronĀ AogonekĄ AringÅ AtildeÃ BetaΒ CacuteĆ \
    CcaronČ CcedillaÇ CcircumflexĈ CdotĊ CdotaccentĊ ChiΧ DcaronĎ DcroatĐ Delta∆ DeltagreekΔ DslashĐ EacuteÉ \
    EbreveĔ EcaronĚ EcircumflexÊ EdieresisË EdotĖ EdotaccentĖ EgraveÈ EmacronĒ EngŊ EogonekĘ EpsilonΕ EtaΗ EthÐ \
    Euro€ GammaΓ GbreveĞ GcedillaĢ GcircumflexĜ GcommaaccentĢ GdotĠ GdotaccentĠ HbarĦ HcircumflexĤ IJĲ IacuteÍ \
    IbreveĬ IcircumflexÎ IdieresisÏ Idotİ Idotaccentİ Ifrakturℑ IgraveÌ ImacronĪ IogonekĮ IotaΙ IotadieresisΪ \
    ItildeĨ JcircumflexĴ KappaΚ KcedillaĶ KcommaaccentĶ LacuteĹ LambdaΛ LcaronĽ LcedillaĻ LcommaaccentĻ LdotĿ \
    LdotaccentĿ LslashŁ MuΜ NacuteŃ NcaronŇ NcedillaŅ NcommaaccentŅ NtildeÑ NuΝ OEŒ OacuteÓ ObreveŎ OcircumflexÔ \
    OdblacuteŐ OdieresisÖ OgraveÒ OhmΩ OhungarumlautŐ OmacronŌ OmegaΩ OmegagreekΩ OmicronΟ OslashØ OtildeÕ PhiΦ \
    PiΠ PsiΨ RacuteŔ RcaronŘ RcedillaŖ RcommaaccentŖ Rfrakturℜ RhoΡ SacuteŚ ScaronŠ ScedillaŞ ScircumflexŜ \
    SigmaΣ TauΤ TbarŦ TcaronŤ TcedillaŢ TcommaaccentŢ ThetaΘ ThornÞ UacuteÚ UbreveŬ UcircumflexÛ UdblacuteŰ \
    UdieresisÜ UgraveÙ UhungarumlautŰ UmacronŪ UogonekŲ UpsilonΥ Upsilon1ϒ UpsilondieresisΫ UringŮ UtildeŨ \
    WcircumflexŴ XiΞ YacuteÝ YcircumflexŶ YdieresisŸ ZacuteŹ ZcaronŽ ZdotŻ ZdotaccentŻ ZetaΖ aacuteá abreveă \
    acircumflexâ acute´ adieresisä aeæ afii61352№ agraveà alephℵ alphaα alphatonosά amacronā ampersand& angle∠ \
    angleleft〈 angleright〉 aogoneką approxequal≈ aringå arrowboth↔ arrowdblboth⇔ arrowdbldown⇓ arrowdblleft⇐ \
    arrowdblright⇒ arrowdblup⇑ arrowdown↓ arrowleft← arrowright→ arrowup↑ asciicircum^ asciitilde~ asterisk* \
    asteriskmath∗ at@ atildeã backslash\\ bar| betaβ blacksquare■ braceleft{ braceright} bracketleft[ \
    bracketright] breve˘ brokenbar¦ bullet• cacuteć caronˇ carriagereturn↵ ccaronč ccedillaç ccircumflexĉ cdotċ \
    cdotaccentċ cedilla¸ cent¢ checkmark✓ chiχ circlemultiply⊗ circleplus⊕ circumflexˆ club♣ colon: comma, \
    congruent≅ copyright© currency¤ dagger† daggerdbl‡ dcaronď dcroatđ degree° deltaδ diamond♦ dieresis¨ divide÷ \
    dmacronđ dollar$ dotaccent˙ dotlessiı dotmath⋅ eacuteé ebreveĕ ecaroně ecircumflexê edieresisë edotė \
    edotaccentė egraveè eight8 element∈ ellipsis… emacronē emdash— emptyset∅ endash– engŋ eogonekę epsilonε \
    epsilontonosέ equal= equivalence≡ estimated℮ etaη etatonosή ethð exclam! exclamdown¡ existential∃ ffﬀ ffiﬃ \
    fflﬄ fiﬁ figuredash‒ five5 flﬂ florinƒ four4 foursuperior⁴ fraction⁄ franc₣ gammaγ gbreveğ gcedillaģ \
    gcircumflexĝ gcommaaccentģ gdotġ gdotaccentġ germandblsß gradient∇ grave` greater> greaterequal≥ \
    guillemotleft« guillemotright» guilsinglleft‹ guilsinglright› hbarħ hcircumflexĥ heart♥ hungarumlaut˝ \
    hyphen- iacuteí ibreveĭ icircumflexî idieresisï igraveì ijĳ imacronī infinity∞ integral∫ integralbt⌡ \
    integraltp⌠ intersection∩ iogonekį iotaι iotatonosί itildeĩ jcircumflexĵ kappaκ kcedillaķ kcommaaccentķ \
    kgreenlandicĸ lacuteĺ lambdaλ lcaronľ lcedillaļ lcommaaccentļ ldotŀ ldotaccentŀ less< lessequal≤ logicaland∧ \
    logicalnot¬ logicalor∨ longsſ lozenge◊ lslashł macron¯ middot· minus− minute′ muµ mugreekμ multiply× nacuteń \
    napostropheŉ ncaronň ncedillaņ ncommaaccentņ nine9 notelement∉ notequal≠ notsubset⊄ ntildeñ nuν numbersign# \
    numero№ oacuteó obreveŏ ocircumflexô odblacuteő odieresisö oeœ ogonek˛ ograveò ohungarumlautő omacronō \
    omegaω omega1ϖ omicronο one1 onehalf½ onequarter¼ onesuperior¹ ordfeminineª ordmasculineº oslashø otildeõ \
    paragraph¶ parenleft( parenright) partialdiff∂ percent% period. periodcentered· perpendicular⊥ perthousand‰ \
    peseta₧ phiφ phi1ϕ piπ plus+ plusminus± product∏ propersubset⊂ propersuperset⊃ proportional∝ psiψ question? \
    questiondown¿ quotedbl\" quotedblbase„ quotedblleft“ quotedblright” quoteleft‘ quotereversed‛ quoteright’ \
    quoterightnŉ quotesinglbase‚ quotesingle' racuteŕ radical√ rcaronř rcedillaŗ rcommaaccentŗ reflexsubset⊆ \
    reflexsuperset⊇ registered® rhoρ ring˚ sacuteś scaronš scedillaş scircumflexŝ second″ section§ semicolon; \
    seven7 sigmaσ sigma1ς sigmafinalς similar∼ six6 slash/ slongſ spade♠ sterling£ suchthat∋ summation∑ tauτ \
    tbarŧ tcaronť tcedillaţ tcommaaccentţ therefore∴ thetaθ theta1ϑ thornþ three3 threequarters¾ threesuperior³ \
    tilde˜ trademark™ two2 twosuperior² uacuteú ubreveŭ ucircumflexû udblacuteű udieresisü ugraveù \
    uhungarumlautű umacronū underscore_ union∪ universal∀ uogonekų upsilonυ upsilondieresistonosΰ uringů utildeũ \
    wcircumflexŵ weierstrass℘ wonmonospace￦ xiξ yacuteý ycircumflexŷ ydieresisÿ yen¥ zacuteź zcaronž zdotż \
    zdotaccentż zero0 zerosuperior⁰ zetaζ";

/// The name and its character, as the last character of each word of [`NAMES`] is.
static KNOWN: LazyLock<BTreeMap<&'static str, &'static str>> = LazyLock::new(|| {
    let parted = |word: &'static str| word.char_indices().next_back().map(|(at, _)| word.split_at(at));
    NAMES.split(' ').filter_map(parted).collect()
});

/// The characters of a glyph's name (Adobe Glyph List Specification, 2); `None` where it says nothing.
pub(super) fn text_of(name: &str) -> Option<String> {
    let base = name.split('.').next().filter(|base| !base.is_empty())?;
    let parts: Option<String> = base.split('_').map(part_of).collect();
    parts.filter(|text| !text.is_empty())
}

fn part_of(part: &str) -> Option<String> {
    if let Some(character) = KNOWN.get(part) {
        return Some(spelled(character));
    }
    match part {
        "space" | "nbspace" | "nonbreakingspace" => return Some(" ".into()),
        "sfthyphen" | "softhyphen" => return Some("-".into()),
        _ if part.chars().count() == 1 => return Some(part.into()),
        _ => {}
    }
    if let Some(codes) = part.strip_prefix("uni").filter(|codes| codes.len() >= 4 && codes.len().is_multiple_of(4)) {
        let units: Option<Vec<u16>> =
            (0..codes.len()).step_by(4).map(|at| u16::from_str_radix(codes.get(at..at + 4)?, 16).ok()).collect();
        return String::from_utf16(&units?).ok();
    }
    let code = part.strip_prefix('u').filter(|code| (4..=6).contains(&code.len()))?;
    char::from_u32(u32::from_str_radix(code, 16).ok()?).map(String::from)
}

/// Ligatures as the letters that they are made of, and every blank as one, so that words are found.
pub(super) fn spelled(character: &str) -> String {
    match character {
        "ﬀ" => "ff",
        "ﬁ" => "fi",
        "ﬂ" => "fl",
        "ﬃ" => "ffi",
        "ﬄ" => "ffl",
        blank if blank.chars().all(char::is_whitespace) => " ",
        other => other,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_for_characters() {
        for (name, text) in [
            ("A", "A"),
            ("Aacute", "Á"),
            ("zero", "0"),
            ("quotedbl", "\""),
            ("backslash", "\\"),
            ("space", " "),
            ("fi", "fi"),
            ("f_f_i", "ffi"),
            ("alpha.alt", "α"),
            ("uni8BBE5907", "设备"),
            ("u1F600", "😀"),
        ] {
            assert_eq!(text_of(name).as_deref(), Some(text), "{name}");
        }
        for name in ["", ".notdef", "g12", "uniD800", "u110000", "unió", "nosuchname"] {
            assert_eq!(text_of(name), None, "{name}");
        }
    }
}
