//! The checks that a rule can name in `validate`; `detect::checksum` carries them out.

macro_rules! checks {
    ($($(#[$meaning:meta])* $check:ident = $name:literal,)*) => {
        /// What can be verified of an identifier, by the name that rules use.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Check {
            $($(#[$meaning])* $check,)*
        }

        impl Check {
            /// Every check with its name.
            pub const ALL: &'static [(&'static str, Self)] = &[$(($name, Self::$check),)*];
        }
    };
}

checks! {
    /// Address of a place in words: a region, a road or village, a number.
    Address = "address",
    /// Issuer prefix and Luhn.
    BankCard = "bank-card",
    /// Area of cells (LAC, TAC).
    CellArea = "cell-area",
    /// Cell, up to the 36 bits of NR.
    CellIdentity = "cell-identity",
    /// Base station, up to the 32 bits of a gNB.
    CellNode = "cell-node",
    /// Physical cell, 0 to 1007.
    CellPhysical = "cell-physical",
    /// Twelve digits of a bank's branch, the last by ISO 7064 MOD 11,10.
    Cnaps = "cnaps",
    /// A longitude and a latitude within the box around China.
    CoordinatePair = "coordinate-pair",
    /// A longitude or a latitude within it, in degrees, minutes and seconds.
    CoordinateSexagesimal = "coordinate-sexagesimal",
    /// An address of mail.
    Email = "email",
    /// A discharge permit: a credit code and the number of the permit.
    EmissionPermit = "emission-permit",
    /// ITU-R: necessary bandwidth and class of an emission.
    EmissionDesignator = "emission-designator",
    /// Permanent residence of foreigners: 18 characters by MOD 11-2, or 15.
    ForeignResidentId = "foreign-resident-id",
    /// Mainland exit permits by letter and length.
    ExitPermit = "exit-permit",
    /// Home return permits by letter and length.
    HomeReturnPermit = "home-return-permit",
    /// Hong Kong: modulo 11.
    HongKongId = "hong-kong-id",
    /// 8986, the operator, and Luhn where it is honoured.
    Iccid = "iccid",
    /// 15 digits with Luhn.
    Imei = "imei",
    /// 16 digits, of which nothing can be checked.
    Imeisv = "imeisv",
    /// 460 and the code of an operator.
    Imsi = "imsi",
    /// Numbers of things: 10646…, 144….
    IotMobile = "iot-mobile",
    /// Four octets.
    Ipv4 = "ipv4",
    /// RFC 4291 text form.
    Ipv6 = "ipv6",
    /// Area code and subscriber, 400 and 800 numbers.
    Landline = "landline",
    /// Six octets, neither all zero nor all one.
    Mac = "mac",
    /// Fourteen hexadecimal digits that begin above the decimal ones.
    Meid = "meid",
    /// Nine digits with the country of a ship or coast station.
    Mmsi = "mmsi",
    /// A number range of a mobile operator.
    Mobile = "mobile",
    /// GB 11714.
    OrganisationCode = "organisation-code",
    /// Passports by letter and length.
    Passport = "passport",
    /// The check digit of an application for a patent.
    Patent = "patent",
    /// A name that begins with a surname.
    PersonName = "person-name",
    /// GA 36: how many of its characters are letters.
    Plate = "plate",
    /// A northing and an easting of a Gauss-Krüger zone.
    ProjectedPair = "projected-pair",
    /// Fifteen digits of a business licence by MOD 11,10.
    RegistrationNumber = "registration-number",
    /// GB 11643: region, date, ISO 7064 MOD 11-2.
    ResidentId = "resident-id",
    /// A secret that is not a placeholder.
    Secret = "secret",
    /// A year, SR and a number.
    SoftwareCopyright = "software-copyright",
    /// Bank, country and place of ISO 9362.
    Swift = "swift",
    /// Tax numbers of 15, 17 and 20 characters with an organisation or a person inside.
    TaxNumber = "tax-number",
    /// Taiwan: letter, sex and modulo 10.
    TaiwanId = "taiwan-id",
    /// GB 32100, with the organisation code inside.
    Uscc = "uscc",
    /// GB 16735.
    Vin = "vin",
}

impl Check {
    /// The check of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, check)| *check)
    }

    /// The name that rules use.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, check)| *check == self).map_or("", |(name, _)| name)
    }
}
